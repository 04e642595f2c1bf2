// Entry: what readers get where a disclosure rule holds.
import './disclosure/published.test.js'
import './disclosure/recovery.test.js'
import './disclosure/interference.test.js'
