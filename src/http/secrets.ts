// What a key looks like, so that one in the wrong place is made unreadable there: in a log, or in an error that quotes it.
// Scanners of repositories look for the same form; docs/keys.md publishes it.

const secret = '[0-9a-f]{64}'
const checksum = '[0-9a-f]{8}'

/** A whole key, with its kind, its id and its checksum. */
export const keyForm = new RegExp(`^ot_(live|feed)_([0-9a-f]{12})_${secret}(${checksum})$`)

/** For scanners. */
export const keyPattern = 'ot_(live|feed)_[0-9a-f]{12}_[0-9a-f]{72}'

/** Also one that was mistyped, has grown, or was cut so that enough is left to be worth hiding. */
const likeKey = /(ot_(?:live|feed)_[0-9a-z]{1,16})_[0-9a-z]{8,}\w*/gi

/** The text with every key reduced to its id, which is no secret. */
export const withoutKeys = (text: string): string => text.replace(likeKey, '$1_…')
