// Entry: anything at all as a request, and lives of plans, measures, figures and publications against a model.
import './fuzz/life_cycles.test.js'
import './fuzz/requests.test.js'
