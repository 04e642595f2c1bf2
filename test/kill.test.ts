// Entry: kill -9. Apart from the other processes, for it takes its time.
import './process/kill.test.js'
