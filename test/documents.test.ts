// Entry: what reads and writes across resources, on the sample plans and on small ones.
import './documents/sample.test.js'
import './documents/tree.test.js'
import './documents/round_trip.test.js'
import './documents/rules.test.js'
import './documents/faults.test.js'
import './documents/partial.test.js'
