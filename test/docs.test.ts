// Entry: the documentation.
import './docs/guides.test.js'
import './docs/readme.test.js'
import './docs/reliability.test.js'
import './docs/site.test.js'
import './docs/threat_model.test.js'
