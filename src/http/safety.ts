// Headers that every answer carries, so that a browser makes of it only what it is: nothing runs, nothing frames it, no other
// site reads it, and nobody is told where its reader came from. Pages allow themselves their stylesheet.

const common = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // What is meant to be kept says so itself.
  'cache-control': 'no-store'
}

/** That browsers keep to https is said where clients use that; for how long is the operator's to change at the proxy. */
export const safetyHeaders = (publicUrl: string | null): Readonly<Record<string, string>> => publicUrl?.startsWith('https:') === true
  ? { ...common, 'strict-transport-security': 'max-age=31536000' }
  : common
