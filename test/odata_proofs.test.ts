// What is promised of the OData feed for any filter and any year of edits, tried on many of them.
import './odata/semantics.test.js'
import './odata/fuzz.test.js'
import './odata/refresh.test.js'
