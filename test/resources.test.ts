// Entry: every resource. Few entry files, because each costs a process.
import './resources/plans.test.js'
