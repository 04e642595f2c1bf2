// What the service holds, as its answers told: every thing by its address, those that are gone, and what else a later request can refer to.
import type { Dice } from '../support/random.js'
import type { Actor } from './actors.js'

export interface Thing {
  /** Address as the document has it. */
  template: string
  path: string
  /** Keys of its address, of its parent's and of the list it is in. */
  key: string
  parent: string
  list: string
  etag: string
  /** Whoever asks needs it, so that it stays as it is. */
  fixed: boolean
}

/** Addresses are the same in whatever case. */
export const keyOf = (path: string) => {
  try {
    return decodeURIComponent(path).toLowerCase()
  } catch {
    return path.toLowerCase()
  }
}

/** Addresses above a thing's own collection: of /v1/plans/a/actions/b it is /v1/plans/a. */
export const parentOf = (path: string) => path.split('/').slice(0, -2).join('/')

/** Not too many at once: lists would be all that takes time. */
const remembered = 60

export class Held {
  private readonly things = new Map<string, Thing>()
  /** The same by their template. */
  private readonly kinds = new Map<string, Map<string, Thing>>()
  readonly gone: Array<{ template: string, path: string }> = []
  readonly cursors: string[] = []
  /** Bundles as an admin read them, by their address. */
  readonly bundles = new Map<string, { etag: string, body: Record<string, unknown> }>()
  readonly keys: Array<{ client: string, id: string, key: string, live: boolean }> = []
  readonly deliveries: Array<{ id: string, by: Actor }> = []
  /** Addresses at which figures were put. */
  readonly figures: string[] = []

  at (path: string): Thing | undefined {
    return this.things.get(keyOf(path))
  }

  learn (template: string, path: string, etag: string, fixed = false): void {
    const key = keyOf(path)
    const known = this.things.get(key)
    if (known !== undefined) {
      known.etag = etag
      return
    }
    const list = key.slice(0, key.lastIndexOf('/'))
    const thing = { template, path, key, list, parent: keyOf(parentOf(path)), etag, fixed }
    this.things.set(key, thing)
    this.kinds.set(template, (this.kinds.get(template) ?? new Map<string, Thing>()).set(key, thing))
  }

  private drop ({ key, template }: Thing): void {
    this.things.delete(key)
    this.kinds.get(template)!.delete(key)
  }

  /** It is gone with all that lies below it. */
  forget (path: string): void {
    const key = keyOf(path)
    for (const thing of [...this.things.values()].filter(one => one.key === key || one.key.startsWith(`${key}/`))) {
      this.drop(thing)
      this.gone.push({ template: thing.template, path: thing.path })
    }
    this.gone.splice(0, this.gone.length - remembered)
  }

  /** Drops what is not known to be as it was. */
  unlearn (path: string): void {
    for (const thing of [...this.things.values()].filter(one => one.key.startsWith(keyOf(path)))) this.drop(thing)
  }

  /** Those of a template, at one parent where it is given. */
  of (template: string, parent?: string): Thing[] {
    const all = [...this.kinds.get(template)?.values() ?? []]
    if (parent === undefined) return all
    const at = keyOf(parent)
    return all.filter(thing => thing.parent === at)
  }

  /** Addresses of a collection. */
  in (template: string, collection: string): string[] {
    const at = keyOf(collection)
    return this.of(template).filter(({ list }) => list === at).map(({ key }) => key).sort()
  }

  note (list: string[], one: string | null | undefined): void {
    if (typeof one === 'string' && list.push(one) > remembered) list.shift()
  }

  pick (dice: Dice, template: string, parent?: string): Thing | undefined {
    const found = this.of(template, parent).filter(({ fixed }) => !fixed)
    return found.length === 0 ? undefined : dice.pick(found)
  }
}
