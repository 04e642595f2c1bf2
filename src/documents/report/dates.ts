// Days and instants as a reader says them.
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** "24 November 2026", of a date or an instant in UTC. */
export const longDate = (date: string) => day.format(new Date(date))

/** "24 November 2026, 01:23 UTC". */
export const longInstant = (at: string) => `${longDate(at)}, ${new Date(at).toISOString().slice(11, 16)} UTC`
