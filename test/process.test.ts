// Entry: real processes, started and stopped.
import './process/settings.test.js'
import './process/start.test.js'
import './process/keys.test.js'
import './process/audit.test.js'
import './process/feed.test.js'
import './process/users.test.js'
import './process/replica.test.js'
import './process/limits.test.js'
