// The OData feed: what it holds and answers, and how clients read it.
import './odata/asking.test.js'
import './odata/sets.test.js'
import './odata/clients.test.js'
import './odata/walks.test.js'
import './odata/power_query.test.js'
