// Entry: the command line, in real processes.
import './process/cli.test.js'
import './process/client_commands.test.js'
import './process/client_pulls.test.js'
import './process/client_formats.test.js'
import './process/journal.test.js'
import './process/backup.test.js'
import './process/upgrade.test.js'
