// Entry: real processes, started, stopped and used from the command line.
import './process/settings.test.js'
import './process/start.test.js'
import './process/cli.test.js'
import './process/users.test.js'
