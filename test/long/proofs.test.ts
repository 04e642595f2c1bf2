// Entry: what is promised of figures for any edits, any writers and any file, tried on many of them.
import '../resources/as_of_model.test.js'
import '../resources/concurrent_followers.test.js'
