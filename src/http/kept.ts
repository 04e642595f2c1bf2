// Answers kept in memory and given again for as long as nothing was written: the journal says so anew for every request, so
// what is given is what the database would say. They are kept apart by who may read the same.
import type { FastifyRequest } from 'fastify'
import type { Connection } from '../db/connection.js'
import { head } from '../db/head.js'
import { audience } from '../db/visibility.js'

/** `mark` names the state that was read; an answer without one is not kept. */
export interface Answer { body: string | Buffer, mark?: string }

/** Of the bodies, with something for each that its bookkeeping takes. */
const most = 32 * 2 ** 20
const aside = 500
const mostOnce = 20_000

/**
 * All of one state: with the next one it is empty. What was used last is dropped last; and what was asked for only once, as
 * by those who walk through everything, is not kept at all.
 */
export class Kept {
  private readonly answers = new Map<string, Answer>()
  private readonly once = new Set<string>()
  private mark = ''
  private size = 0

  constructor (private readonly most: number) {}

  has (key: string): boolean {
    return this.answers.has(key)
  }

  get (key: string, mark: string): Answer | undefined {
    this.turnTo(mark)
    const found = this.answers.get(key)
    if (found === undefined) return undefined
    this.answers.delete(key)
    this.answers.set(key, found)
    return found
  }

  set (key: string, answer: Answer, mark: string): void {
    this.turnTo(mark)
    const size = sizeOf(key, answer)
    if (size > this.most / 8 || this.isNew(key)) return
    this.drop(key)
    this.answers.set(key, answer)
    this.size += size
    for (const oldest of this.answers.keys()) {
      if (this.size <= this.most) break
      this.drop(oldest)
    }
  }

  private isNew (key: string): boolean {
    if (this.once.delete(key)) return false
    if (this.once.size === mostOnce) this.once.clear()
    this.once.add(key)
    return true
  }

  private turnTo (mark: string): void {
    if (mark === this.mark) return
    this.answers.clear()
    this.size = 0
    this.mark = mark
  }

  private drop (key: string): void {
    const found = this.answers.get(key)
    if (found === undefined) return
    this.answers.delete(key)
    this.size -= sizeOf(key, found)
  }
}

const sizeOf = (key: string, { body }: Answer) => body.length + key.length + aside

const stores = new WeakMap<Connection, Kept>()

function storeOf (connection: Connection): Kept {
  let store = stores.get(connection)
  if (store === undefined) stores.set(connection, store = new Kept(most))
  return store
}

/** The answer to the request, which depends on its address, on who asks, on the database, and on nothing else but `besides`. */
export async function keeping<T extends Answer> (request: FastifyRequest, make: () => Promise<T | undefined>, besides = ''): Promise<T | undefined> {
  const { source } = request
  const store = storeOf(source)
  // Links to further pages begin with the address by which the service was reached.
  const key = `${audience(request.actor)} ${request.protocol} ${request.host} ${request.url} ${besides}`
  if (store.has(key)) {
    const found = store.get(key, await head(source))
    if (found !== undefined) return found as T
  }
  const made = await make()
  if (made?.mark !== undefined) store.set(key, made, made.mark)
  return made
}
