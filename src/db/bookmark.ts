// Bookmarks of the change feed: a position, sealed with the line of the journal that stands there. After a backup was restored the
// same positions come again with other lines, so a bookmark from what was lost is told from one that still holds.
import { sql } from 'kysely'
import { problem } from '../problems.js'
import type { Ctx } from './connection.js'
import { readCursor, writeCursor } from './keyset.js'

const sealLength = 16

/** The seal as a column, of the journal or of its lines. */
export const sealText = `left(encode(hash, 'hex'), ${sealLength})`

export const writeBookmark = (position: number, seal: string) => writeCursor('changes', [position, seal])

export interface Bookmark { position: number, seal: string }

export function readBookmark (bookmark: string): Bookmark {
  const [position, seal, ...rest] = readCursor(bookmark, 'changes')!
  if (typeof position === 'number' && Number.isSafeInteger(position) && position >= 0 && typeof seal === 'string' && rest.length === 0) return { position, seal }
  throw problem('expired_cursor', 'The bookmark is damaged. Start again without it.')
}

/** The position that a bookmark begins with, or the cursor of a walk through figures: what its holder has seen. 0 where there is none. */
export function seenIn (cursor: unknown): number {
  if (typeof cursor !== 'string') return 0
  try {
    const [, , position] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    return typeof position === 'number' ? position : 0
  } catch {
    return 0
  }
}

/** Refuses a bookmark from a state that is not the past of what is held; answers whether what came after it is still kept. */
export async function holdBookmark ({ db }: Pick<Ctx, 'db'>, { position, seal }: Bookmark): Promise<boolean> {
  const { rows: [held] } = await sql<{ head: number, pruned_to: number, seal: string | null }>`
    select position as head, pruned_to, left(encode(case when pruned_to = ${position} then pruned_hash
      else (select hash from changes where id = ${position}) end, 'hex'), ${sql.lit(sealLength)}) as seal from journal`.execute(db)
  if (position < held!.pruned_to) return false
  if (seal === held!.seal) return true
  const why = position > held!.head ? 'ahead of all that is held here' : 'not one of what is held here'
  throw problem('expired_cursor', `The bookmark is ${why}: the service was restored from an earlier state. Start again without it.`)
}
