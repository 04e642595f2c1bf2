/** The day it is, in UTC: asked for where a request comes in, for everything below takes it as an argument. */
export const today = (): string => new Date().toISOString().slice(0, 10)
