// A wire between the service and its database that fails as wires do.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'

/**
 * cut: everything is reset, and so is what comes new. silent: nothing comes through and nothing is told, until the wire passes
 * again. forgotten: what was connected before hears nothing ever more, what comes new passes. late: the same, until the wire passes
 * again. slow: each piece takes its time.
 */
export type State = 'pass' | 'cut' | 'silent' | 'forgotten' | 'late' | 'slow'

const slowness = 20

/** One that is ending already cannot be reset (libuv refuses, and Node then waits for it for ever when the process ends). */
const reset = (socket: Socket) => socket.writableEnded || socket.connecting ? socket.destroy() : socket.resetAndDestroy()

export type Wire = Awaited<ReturnType<typeof wire>>

/** `to`: a port of this machine, or the path of a socket. */
export async function wire (t: Test, to: number | string) {
  let state: State = 'pass'
  const pairs = new Set<{ ends: Socket[], forgotten: boolean, late: boolean, waiting: Array<() => void> }>()
  const server = createServer(from => {
    if (state === 'cut') {
      reset(from)
      return
    }
    const onward = connect(typeof to === 'number' ? { port: to, host: '127.0.0.1' } : { path: to })
    const pair = { ends: [from, onward], forgotten: false, late: false, waiting: [] as Array<() => void> }
    pairs.add(pair)
    const carry = (a: Socket, b: Socket) => {
      const pass = (what: () => void) => {
        if (pair.forgotten) return
        if (state === 'silent' || pair.late) pair.waiting.push(what)
        else if (state === 'slow') setTimeout(what, slowness)
        else what()
      }
      a.on('data', (bytes: Buffer) => pass(() => { b.write(bytes) }))
        .on('end', () => pass(() => { b.end() }))
        .on('error', () => pass(() => { reset(b) }))
        .on('close', () => { if (b.destroyed) pairs.delete(pair) })
    }
    carry(from, onward)
    carry(onward, from)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const destroy = () => { for (const { ends } of pairs) for (const end of ends) end.destroy() }
  t.teardown(() => {
    destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    become (next: State) {
      state = next
      for (const pair of pairs) {
        if (next === 'cut') for (const end of pair.ends) reset(end)
        else if (next === 'forgotten') pair.forgotten = true
        else if (next === 'late') pair.late = true
        else if (next === 'pass') {
          pair.late = false
          for (const one of pair.waiting.splice(0)) one()
        }
      }
    }
  }
}
