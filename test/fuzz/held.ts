// What the service holds, as its answers told: every thing by its address, those that are gone, and what else a later request can refer to.
import type { Dice } from '../support/random.js'

export interface Thing {
  /** Address as the document has it. */
  template: string
  path: string
  etag: string
  /** Whoever asks needs it, so that it stays as it is. */
  fixed?: boolean
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
  readonly gone: Array<{ template: string, path: string }> = []
  readonly cursors: string[] = []
  /** Bundles as an admin read them, by their address. */
  readonly bundles = new Map<string, Record<string, unknown>>()
  readonly keys: Array<{ client: string, id: string, key: string, live: boolean }> = []
  readonly deliveries: Array<{ id: string, by: string }> = []

  at (path: string): Thing | undefined {
    return this.things.get(keyOf(path))
  }

  learn (template: string, path: string, etag: string, fixed = false): void {
    const known = this.at(path)
    if (known === undefined) this.things.set(keyOf(path), { template, path, etag, fixed })
    else known.etag = etag
  }

  /** It is gone with all that lies below it. */
  forget (path: string): void {
    const key = keyOf(path)
    for (const [at, { template, path: address }] of this.things) {
      if (at !== key && !at.startsWith(`${key}/`)) continue
      this.things.delete(at)
      this.gone.push({ template, path: address })
    }
    this.gone.splice(0, this.gone.length - remembered)
  }

  /** Drops what is not known to be as it was. */
  unlearn (path: string): void {
    for (const at of this.things.keys()) if (at.startsWith(keyOf(path))) this.things.delete(at)
  }

  /** Those of a template, at one parent where it is given. */
  of (template: string, parent?: string): Thing[] {
    const at = parent === undefined ? undefined : keyOf(parent)
    return [...this.things.values()].filter(thing => thing.template === template && (at === undefined || keyOf(parentOf(thing.path)) === at))
  }

  /** Addresses of a collection. */
  in (template: string, collection: string): string[] {
    return this.of(template).map(({ path }) => keyOf(path)).filter(key => key.slice(0, key.lastIndexOf('/')) === keyOf(collection)).sort()
  }

  note (list: string[], one: string | null | undefined): void {
    if (typeof one === 'string' && list.push(one) > remembered) list.shift()
  }

  pick (dice: Dice, template: string, parent?: string): Thing | undefined {
    const found = this.of(template, parent).filter(({ fixed }) => fixed !== true)
    return found.length === 0 ? undefined : dice.pick(found)
  }
}
