// Publications: a plan frozen as its readers may see it, kept as the very text of its bundle.
import { sql } from 'kysely'
import { anonymous, type Actor } from '../db/actor.js'
import type { Ctx } from '../db/connection.js'
import { beyond, cut, type Page, type PageRequest } from '../db/keyset.js'
import { edits } from '../db/record_rights.js'
import { find, requireOwner } from '../db/records.js'
import { existing } from '../db/references.js'
import { permits } from '../db/visibility.js'
import type { WriteCtx } from '../db/write.js'
import { problem } from '../problems.js'
import { plans } from '../resources/plans/kind.js'
import type { PublicationBodyForm } from '../resources/publications/schema.js'
import { digestOf, readBundle } from './bundle_read.js'
import { numbersBesideHidden } from './narrative.js'
import type { BundleBody } from './bundle_schema.js'

export interface Publication {
  plan: string
  label: string
  date: string
  note: string | null
  digest: string
  visibility: string
  published_at: string
  organisation: string | null
  original_digest: string | null
  redacted_at: string | null
}

const members = ['plan', 'label', 'date', 'note', 'digest', 'visibility', 'published_at', 'organisation', 'original_digest', 'redacted_at'] as const

/** What is published stays for good, so only its owner says when. */
function requireOwn ({ actor }: Ctx, plan: Record<string, unknown>): void {
  if (edits(actor, plan.owner)) return
  throw problem('forbidden', `Only publishers of '${plan.owner as string}', which owns the plan, may publish it.`)
}

/** Those for whom a plan of this visibility is published: a publication holds what they may see, whoever publishes. */
const readerOf = (visibility: string, owner: string): Actor => visibility === 'public'
  ? anonymous
  : { ...anonymous, role: 'reader', organisation: visibility === 'private' ? owner : null }

export async function publish (ctx: WriteCtx, code: string, body: PublicationBodyForm): Promise<Publication> {
  const { label, date, note = null, texts_read: read = false } = body
  await existing(ctx, 'plans', null, [code], true)
  // Nothing commits while this row is held, so all that is read now is one state of the plan.
  await sql`select from journal for update`.execute(ctx.db)
  const plan = await find(ctx, plans, null, code)
  requireOwn(ctx, plan)
  const taken = await ctx.db.selectFrom('publications').select(['label', sql<boolean>`${permits(ctx.actor, 'publications.visibility', 'publications.owner')}`.as('shown')])
    .where('plan', '=', code).where(sql<boolean>`lower(label) = lower(${label})`).executeTakeFirst()
  if (taken !== undefined) {
    throw problem('conflict', `The plan '${code}' was published as '${taken.shown ? taken.label : label}' already, and a publication is never changed: choose another label.`)
  }
  const { visibility, owner } = plan as unknown as { visibility: string, owner: string }
  const contents = await readBundle({ db: ctx.db, actor: readerOf(visibility, owner) }, code)
  if (!read) await refuseUnread(ctx, contents)
  const bundle = JSON.stringify(contents)
  const made = await ctx.db.insertInto('publications').values({
    plan: code,
    label,
    date: date ?? sql<string>`current_date`,
    note,
    digest: digestOf(bundle),
    visibility,
    owner,
    published_at: sql<string>`clock_timestamp()`,
    organisation: ctx.actor.organisation,
    bundle
  }).returning(members).executeTakeFirstOrThrow()
  ctx.journal({ action: 'published', resource: `/v1/plans/${code}/publications/${label}`, plan: code, visibility, owner })
  return made
}

async function refuseUnread (ctx: WriteCtx, contents: BundleBody): Promise<void> {
  const ruled = await ctx.db.selectFrom('disclosures').select('measure').execute()
  const errors = numbersBesideHidden(contents, new Set(ruled.map(row => row.measure)))
  if (errors.length === 0) return
  const what = errors.length === 1 ? 'A text names' : `${errors.length} texts name`
  throw problem('unprocessable', `${what} a number beside a hidden figure. Read them; if none gives a figure away, send "texts_read": true.`, { errors: errors.slice(0, 100) })
}

const seen = ({ db, actor }: Ctx, plan: string) => db.selectFrom('publications')
  .where('publications.plan', '=', plan).where(permits(actor, 'publications.visibility', 'publications.owner'))

const keys = [sql`published_at`, sql`label`]

/** Oldest first. */
export async function listPublications (ctx: Ctx, plan: string, page: PageRequest): Promise<Page<Publication>> {
  await requireOwner(ctx, { owner: 'plan' }, plan)
  const total = page.count ? (await seen(ctx, plan).select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total : undefined
  let rows = seen(ctx, plan).select(members).orderBy(sql.join(keys)).limit(page.limit + 1)
  if (page.after !== null) rows = rows.where(beyond(keys, page.after, { casts: ['timestamptz', 'text'] }))
  return { ...cut(await rows.execute(), page, ({ published_at: at, label }) => [at, label]), ...(total !== undefined && { total }) }
}

export async function findPublication (ctx: Ctx, plan: string, label: string): Promise<Publication> {
  await requireOwner(ctx, { owner: 'plan' }, plan)
  const found = await seen(ctx, plan).select(members).where('label', '=', label).executeTakeFirst()
  if (found === undefined) throw problem('not_found', `There is no publication '${label}' of the plan '${plan}'.`)
  return found
}

/** Of the publications that the caller may see, the one before this. */
export async function labelBefore (ctx: Ctx, { plan, label, published_at: at }: Publication): Promise<string> {
  const found = await seen(ctx, plan).select('label').where('published_at', '<', at).orderBy('published_at', 'desc').limit(1).executeTakeFirst()
  if (found === undefined) throw problem('not_found', `Nothing of the plan '${plan}' was published before '${label}'; name the publication to compare with in from.`)
  return found.label
}

/** Labels and days of what was published of a plan, newest first. */
export const versionsOf = (ctx: Ctx, plan: string) => seen(ctx, plan).select(['label', 'date']).orderBy('published_at', 'desc').orderBy('label').execute()

/** The text of its bundle, of which the digest was taken. */
export const bundleText = async (ctx: Ctx, { plan, label }: Publication): Promise<string> =>
  (await seen(ctx, plan).select('bundle').where('label', '=', label).executeTakeFirstOrThrow()).bundle

export const bundleOf = async (ctx: Ctx, publication: Publication) => JSON.parse(await bundleText(ctx, publication)) as BundleBody
