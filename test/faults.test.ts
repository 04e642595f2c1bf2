// Entry: a service under load, and what befalls it. Apart from the other processes, for it takes its time.
import './faults/slice.test.js'
