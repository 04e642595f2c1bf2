// The change feed: the journal as its readers may see it, in commit order. A bookmark never ends; it only waits.
import { Type } from '@sinclair/typebox'
import { sql, type SqlBool } from 'kysely'
import type { FastifyInstance } from 'fastify'
import { reaches } from '../db/actor.js'
import { holdBookmark, readBookmark, sealText, writeBookmark } from '../db/bookmark.js'
import { snapshot, type Ctx } from '../db/connection.js'
import { permits, shown } from '../db/visibility.js'
import { reading } from '../http/context.js'
import { operation } from '../http/operation.js'
import { fifteenDigits, instant, named, openEnum, whole } from '../http/schema.js'
import { problem } from '../problems.js'

const text = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description })

const Change = named('Change', Type.Object({
  id: whole({ minimum: 1, maximum: fifteenDigits, description: 'Place in commit order; later changes have greater ids.' }),
  at: instant('When it was committed.'),
  action: openEnum(['created', 'updated', 'deleted', 'imported', 'published', 'erased', 'pruned'], 'What was done. erased: texts were taken out of it and of what is kept of its past; pruned: the journal was cut off at the end of its retention.'),
  resource: Type.String({ description: 'Path of what was changed, starting /v1.' }),
  version: Type.Unsafe<number | null>({ ...whole(), type: ['integer', 'null'], description: 'Its version, or revision of a figure, after the change.' }),
  actor: Type.Object({ organisation: text('Organisation of the client.'), client: text('The client.') }, { additionalProperties: false, description: 'Who did it.' }),
  request_id: Type.String({ description: 'X-Request-Id of the request that did it.' }),
  reason: text('Why, where it was said; [erased] where that was taken out.'),
  counts: Type.Unsafe<Record<string, number> | null>({ type: ['object', 'null'], additionalProperties: whole({ maximum: fifteenDigits }), description: 'Of a delivery, rows by what came of them; of what was erased or pruned, how much.' })
}, {
  additionalProperties: false,
  description: 'A change: what, when and by whom; read the resource for its contents.',
  examples: [{
    id: 3,
    at: '2017-06-30T09:00:00.064364Z',
    action: 'created',
    resource: '/v1/areas/E06000018',
    version: 1,
    actor: { organisation: 'nottingham-childrens-partnership', client: 'client-a' },
    request_id: '97c54ca3-3ed7-4202-969f-c2a07b6cdcdc',
    reason: null,
    counts: null
  }]
}))

const ChangePage = named('ChangePage', Type.Object({
  items: Type.Array(Change, { description: 'The changes, oldest first.' }),
  next_cursor: Type.String({ description: 'Send as after to go on from here, now or later.' }),
  has_more: Type.Boolean({ description: 'True where more changes are there already.' })
}, { additionalProperties: false, description: 'Changes after a bookmark.' }))

interface Query { after?: string, limit?: number, resource?: string, organisation?: string }

/** Code of the item of this section that a change is about, else null. */
const about = (section: string) => sql<string>`case when split_part(c.resource, '/', 5) = ${section} and starts_with(c.resource, '/v1/plans/') then split_part(c.resource, '/', 6) end`

/** Changes of what is not shown to all who see the plan follow what it is now or, where it is gone, what it was. */
function itemSeen (ctx: Ctx, table: 'updates' | 'statements') {
  const picked = sql<SqlBool>`${sql.ref(`${table}.plan`)} = c.plan and ${sql.ref(`${table}.code`)} = ${about(table)}`
  return sql<SqlBool>`(${about(table)} is null or ${shown(ctx, table, picked)} or (
    not exists (select from ${sql.table(table)} where ${picked}) and (c.visibility is distinct from 'restricted' or p.owner = ${ctx.actor.organisation ?? ''})))`
}

/** Changes of plans and measures follow their visibility now, or where they are gone the one they had. */
function seen (ctx: Ctx) {
  const { actor } = ctx
  if (actor.role === 'admin') return sql<SqlBool>`true`
  const own = sql`${actor.organisation ?? ''}`
  return sql<SqlBool>`
    (case when p.code is not null then p.visibility <> 'private' or p.owner = ${own}
      when c.plan is not null then coalesce(c.visibility, 'private') <> 'private' or c.owner = ${own} else true end)
    and (case when m.code is not null then m.visibility <> 'private' or m.steward = ${own}
      when c.measure is not null then coalesce(c.visibility, 'private') <> 'private' or c.owner = ${own} else true end)
    and (${about('publications')} is null
      or exists (select from publications where plan = c.plan and label = ${about('publications')} and ${permits(actor, 'publications.visibility', 'publications.owner')}))
    and ${sql.join((['updates', 'statements'] as const).map(table => itemSeen(ctx, table)), sql` and `)}
    and (c.plan is not null or c.measure is not null or c.visibility is distinct from 'private')`
}

/** Whose write it was, or who looks after the measure, is told all of it; readers what disclosure rules leave. */
function insider ({ actor }: Ctx) {
  if (actor.role === 'admin') return sql<SqlBool>`true`
  if (!reaches(actor, 'contributor') || actor.organisation === null) return sql<SqlBool>`false`
  return sql<SqlBool>`(c.organisation = ${actor.organisation} or coalesce(m.steward = ${actor.organisation}, false))`
}

async function readChanges (ctx: Ctx, { after, limit = 100, resource, organisation }: Query) {
  const from = after === undefined ? null : readBookmark(after)
  if (from !== null && !await holdBookmark(ctx, from)) throw problem('expired_cursor', 'Changes that came after the bookmark are older than the service keeps. Read anew what you follow, and start again without it.')
  // What readers may see is guessed to be little, and then all that is left would be read and sorted for each page of a long walk.
  await sql`set local enable_sort = off`.execute(ctx.db)
  const { rows } = await sql<{ id: number, seal: string, organisation: string | null, client: string | null }>`
    select id, ${sql.raw(sealText)} as seal, c.at, c.action, c.resource, c.organisation, c.client, c.request_id,
      case when whole then c.version end as version, case when whole then r.reason end as reason, case when whole then c.counts end as counts
    from changes c left join reasons r using (id) left join plans p on p.code = c.plan left join measures m on m.code = c.measure,
      lateral (select coalesce(c.visibility not in ('told', 'untold'), true) or ${insider(ctx)} as whole) told
    where id > ${from?.position ?? 0} and coalesce(${seen(ctx)}, false) and (whole or c.visibility = 'told')
      and ${resource === undefined ? sql`true` : sql`(c.resource = ${resource} or starts_with(c.resource, ${`${resource.replace(/\/$/, '')}/`}))`}
      and ${organisation === undefined ? sql`true` : sql`c.organisation = ${organisation}`}
    order by id limit ${limit + 1}`.execute(ctx.db)
  const more = rows.length > limit
  const items = rows.slice(0, limit)
  const end = more ? items.at(-1)! : await ctx.db.selectFrom('journal').select(['position as id', sql<string>`${sql.raw(sealText)}`.as('seal')]).executeTakeFirstOrThrow()
  return {
    items: items.map(({ organisation, client, seal: _, ...change }) => ({ ...change, actor: { organisation, client } })),
    next_cursor: writeBookmark(end.id, end.seal),
    has_more: more
  }
}

export function changesRoute (app: FastifyInstance): void {
  app.get('/v1/changes', operation({
    id: 'listChanges',
    primary: true,
    tag: 'changes',
    summary: 'Follow changes',
    description: 'What changed after a bookmark, in commit order, nothing skipped and nothing twice even while others write. Keep next_cursor and come back with it as after.',
    role: 'reader',
    query: {
      after: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'next_cursor of the last answer, or Outturn-Cursor of a pull; from the beginning where not given.' })),
      limit: Type.Optional(whole({ minimum: 1, maximum: 1000, default: 100, description: 'Changes at most.' })),
      resource: Type.Optional(Type.String({ pattern: '^/v1/', maxLength: 300, description: 'Only changes of this path and what lies under it.' })),
      organisation: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: "Only changes made by this organisation's clients." }))
    },
    answers: { 200: { schema: ChangePage, description: 'The changes.' } },
    problems: ['expired_cursor']
  }), async request => snapshot(reading(request), ctx => readChanges(ctx, request.query as Query)))
}
