// Entry: a million rows in and out, with the memory of the service watched.
import '../process/million.test.js'
