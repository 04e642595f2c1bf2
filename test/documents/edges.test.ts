// The fifty edge cases of the domain, by number, each in one test; where our model answers otherwise than the proposal
// they come from, the test says how. All on the sample plans, with small made-up things where these do not show the case.
import './edges_lines.test.js'
import './edges_figures.test.js'
import './edges_targets.test.js'
import './edges_actions.test.js'
import './edges_reports.test.js'
import './edges_history.test.js'
