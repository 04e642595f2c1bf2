// Entry: kill -9 in the middle of deliveries, round after round. Apart from the other processes, for it takes its time.
import '../process/storm.test.js'
