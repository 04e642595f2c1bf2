// Entry: what is true of every route.
import './http/json.test.js'
import './http/etags.test.js'
import './http/keys.test.js'
import './http/spool.test.js'
import './http/database.test.js'
import './http/sheet_cells.test.js'
import './http/sheet_hostile.test.js'
import './http/sheet_fuzz.test.js'
