// Asking somebody who may not answer, without waiting for long.

/** How long one is left alone who did not answer, in milliseconds. */
const rest = 5000

/** The answer, or null from whoever does not answer in so many milliseconds, and for a while after that. */
export function patiently<A extends unknown[], T> (patience: number, ask: (...args: A) => Promise<T>, failed: (error: unknown) => void) {
  let until = 0
  return async (...args: A): Promise<T | null> => {
    if (performance.now() < until) return null
    try {
      return await within(patience, ask(...args))
    } catch (error) {
      until = performance.now() + rest
      failed(error)
      return null
    }
  }
}

function within<T> (patience: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`Nothing came in ${patience} ms.`)), patience)
    work.then(resolve, reject).finally(() => clearTimeout(late))
  })
}
