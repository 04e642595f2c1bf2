// Entry: the embedded database; the journal as audit.
import './db/embedded.test.js'
import './db/connection.test.js'
import './audit/journal.test.js'
import './audit/erasure.test.js'
import './audit/reads.test.js'
import './audit/grants.test.js'
