// Registers and plan sections as sets: what their lists serve under the same key, whatever it belongs to.
import { snapshot, type Ctx } from '../../../db/connection.js'
import type { Access, Kind, Stored } from '../../../db/kind.js'
import { all } from '../../../db/records.js'
import { text } from '../../../http/schema.js'
import { flatOf } from '../../../documents/workbook/cells.js'
import { grouped } from '../../../documents/report/grouped.js'
import { breakdownText } from '../../../resources/datapoints/breakdown.js'
import type { EntitySet } from '../model.js'
import { inOrder, propertiesOf } from './properties.js'
import { queryOf } from './rows.js'

export function recordSet (name: string, kind: Kind): EntitySet {
  const { code, version, created_at: created, updated_at: updated, ...rest } = kind.schema.served.properties
  const { owner } = kind
  const within = owner === null ? {} : { [owner]: text(`Code of the ${owner} that it belongs to.`, 80) }
  const properties = propertiesOf({ ...within, code: code!, ...rest, version: version!, created_at: created!, updated_at: updated! })
  const key = owner === null ? ['code'] : [owner, 'code']
  return {
    name,
    type: kind.schema.id,
    about: kind.schema.served.description!,
    key,
    properties,
    order: inOrder(key),
    open: async (ctx, pinned) => {
      const { items, recorded } = await snapshot(ctx, async ctx => {
        const items = await all(ctx, kind, owner === null ? undefined : pinned.get(owner))
        return { items, recorded: await recordedAmong(ctx, kind, items) }
      })
      const rows = items.map(item => Object.fromEntries(properties.map(({ name }) => [name, cellOf(name, item[name])])))
      return { rows: queryOf(ctx, properties, rows), recorded }
    }
  }
}

/** A breakdown as datapoints have it. */
const cellOf = (name: string, value: unknown) => name === 'breakdown' ? breakdownText(value as Record<string, string>) || null : flatOf(value)

async function recordedAmong (ctx: Ctx, { owner, recorded }: Kind, items: Stored[]): Promise<Access[]> {
  if (recorded === undefined || owner === null) return []
  for (const [scope, some] of grouped(items, item => [item[owner] as string])) {
    if (await recorded.among(ctx, scope, some)) return [recorded.as]
  }
  return []
}
