// The OData feed.
import './odata/asking.test.js'
import './odata/sets.test.js'
import './odata/semantics.test.js'
import './odata/fuzz.test.js'
import './odata/clients.test.js'
import './odata/walks.test.js'
import './odata/power_query.test.js'
import './odata/refresh.test.js'
