// Entry: clients that generators make from the OpenAPI document.
import './clients/typescript.test.js'
