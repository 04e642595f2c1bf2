// Entry: what readers get where a disclosure rule holds.
import './disclosure/published.test.js'
