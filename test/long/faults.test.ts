// Entry: every fault. Apart from the quick ones, for some last.
import '../faults/whole.test.js'
