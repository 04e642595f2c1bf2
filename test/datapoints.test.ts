// Entry: figures, pushed and pulled.
import './resources/figure_values.test.js'
import './resources/figure_corrections.test.js'
import './resources/figure_statistics.test.js'
import './resources/figure_address.test.js'
import './resources/deliveries.test.js'
import './resources/pulls.test.js'
import './resources/pasts.test.js'
import './resources/csv.test.js'
