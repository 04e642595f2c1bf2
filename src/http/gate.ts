// At most so many at once: the others wait their turn, and who would wait too long is told to come again.
import { problem } from '../problems.js'

interface Gate { pass<T> (work: () => Promise<T>): Promise<T> }

export function gate (most: number, patience: number): Gate {
  let inside = 0
  const waiting: Array<() => void> = []
  const enter = () => new Promise<void>((resolve, reject) => {
    if (inside < most) {
      inside++
      resolve()
      return
    }
    const turn = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(turn), 1)
      reject(problem('unavailable', 'As many deliveries as the service carries out at once are under way. Repeat the request.', { headers: { 'retry-after': '5' } }))
    }, patience)
    waiting.push(turn)
  })
  // Whoever leaves hands the place on, so that nobody slips in between.
  const leave = () => {
    const next = waiting.shift()
    if (next === undefined) inside--
    else next()
  }
  return {
    pass: async work => {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    }
  }
}
