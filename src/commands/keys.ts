// outturn key: what an administrator does with keys over the API, by the same rules, where there is no key to do it with yet.
import { operator, roles, type Role } from '../db/actor.js'
import { put } from '../db/records.js'
import { write } from '../db/write.js'
import * as keys from '../resources/clients/keys.js'
import { clients } from '../resources/clients/kind.js'
import { keyForm, withoutKeys } from '../http/secrets.js'
import { commandLine, withDatabase } from './database.js'
import { parse, remark, say, UsageError } from './usage.js'

const verbs: Record<string, (args: string[]) => Promise<void>> = { create, list, revoke }

export async function key ([verb = '', ...args]: string[]): Promise<void> {
  const command = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (command === undefined) throw new UsageError('The forms are: outturn key create, key list and key revoke ID.')
  await command(args)
}

/** Options only. */
function options (args: string[], names: NonNullable<Parameters<typeof parse>[1]>) {
  const { positionals: [surplus], values } = parse(args, names)
  if (surplus !== undefined) throw new UsageError(`'${withoutKeys(surplus)}' is not understood.`)
  return values as Record<string, string | undefined>
}

async function create (args: string[]): Promise<void> {
  const { client = 'admin', organisation, title, feed, role, 'expires-at': expires } = options(args, {
    client: { type: 'string' }, role: { type: 'string' }, organisation: { type: 'string' }, title: { type: 'string' }, feed: { type: 'boolean' }, 'expires-at': { type: 'string' }
  })
  if (role !== undefined && !roles.includes(role as Role)) throw new UsageError(`A role is one of ${roles.join(', ')}.`)
  if (expires !== undefined && Number.isNaN(Date.parse(expires))) throw new UsageError(`--expires-at is an instant, such as ${new Date().getFullYear() + 1}-03-31T23:00:00Z.`)
  await withDatabase(async ({ connection }) => {
    const made = await write(connection, commandLine, async ctx => {
      const known = await ctx.db.selectFrom('clients').select('code').where('code', '=', client).executeTakeFirst()
      if (known === undefined) await put(ctx, clients, null, client, { role: role ?? (client === 'admin' ? 'admin' : 'reader'), title: title ?? client, organisation }, {})
      else if (role !== undefined || organisation !== undefined) throw new UsageError(`The client '${client}' exists; change its role or organisation with PATCH /v1/clients/${client}.`)
      return keys.make(ctx, client, feed ? 'feed' : 'standard', expires === undefined ? undefined : new Date(expires).toISOString())
    })
    remark(`Key of the client '${client}', valid until ${made.expires_at}. It is shown only this once:`)
    say(made.key)
  })
}

async function list (args: string[]): Promise<void> {
  const { client } = options(args, { client: { type: 'string' } })
  await withDatabase(async ({ connection: { db } }) => {
    const ctx = { db, actor: operator }
    const found = client === undefined ? await keys.ofAll(ctx) : (await keys.ofClient(ctx, client)).map(one => ({ ...one, client }))
    for (const { id, client, kind, expires_at: until, last_used_on: used } of found) {
      say(`${id}  ${client}  ${kind}  until ${until.slice(0, 10)}  ${used === null ? 'never used' : `last used ${used}`}`)
    }
    if (found.length === 0) remark('There are no keys.')
  })
}

async function revoke (args: string[]): Promise<void> {
  // Of a key that was found somewhere the whole may be given.
  const ids = parse(args, {}).positionals.map(text => keyForm.exec(text)?.[2] ?? withoutKeys(text))
  if (ids.length === 0) throw new UsageError('key revoke needs the id of a key, which stands between its second and third underscore.')
  await withDatabase(async ({ connection }) => {
    for (const id of ids) {
      const client = await write(connection, commandLine, async ctx => {
        const client = await keys.clientOf(ctx, id)
        await keys.revoke(ctx, client, id)
        return client
      })
      say(`${id} of ${client} revoked`)
    }
  })
}
