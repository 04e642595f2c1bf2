// Entry: the embedded database.
import './db/embedded.test.js'
