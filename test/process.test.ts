// Entry: real processes, started, stopped and used from the command line.
import './process/settings.test.js'
import './process/start.test.js'
import './process/cli.test.js'
import './process/users.test.js'
import './process/client_commands.test.js'
import './process/client_pulls.test.js'
import './process/client_formats.test.js'
import './process/journal.test.js'
