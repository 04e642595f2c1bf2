// Entry: the documentation.
import './docs/readme.test.js'
import './docs/threat_model.test.js'
