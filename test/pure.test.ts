// Entry: what needs no database.
import './periods/codes.test.js'
import './periods/due.test.js'
import './periods/order.test.js'
import './periods/properties.test.js'
import './periods/refusals.test.js'
import './periods/spellings.test.js'
import './pure/workbook.test.js'
import './pure/rows.test.js'
