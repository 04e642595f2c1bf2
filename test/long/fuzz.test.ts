// Entry: ten thousand damaged files. Apart from the other deliveries, for it takes its time.
import '../resources/fuzz_deliveries.test.js'
