// Entry: the documentation.
import './docs/readme.test.js'
