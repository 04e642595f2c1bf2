// Entry: clients that generators make from the OpenAPI document.
import './clients/power_query.test.js'
import './clients/typescript.test.js'
