// Entry: the pages and the document behind them; only what compares it with the API needs a database.
import './pages/charts.test.js'
import './pages/complete.test.js'
import './pages/figures.test.js'
import './pages/html.test.js'
import './pages/report.test.js'
import './pages/size.test.js'
import './pages/small.test.js'
import './pages/tree.test.js'
