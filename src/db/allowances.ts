// Where the processes of a service add up what was spent of an allowance: for each name the moment at which everything has been
// saved up again. Told and answered as lengths of time, so that only the database's clock counts.
import type { Connection } from './connection.js'

/** In milliseconds: what it takes to save that up again, and how long ago the first of it was spent. */
export type Spent = Array<{ name: string, owed: number, age: number }>

/** By name: milliseconds until everything has been saved up again; below 0 where it has been for so long. */
export type Owed = Map<string, number>

const upsert = {
  name: 'allowances',
  // In the order of their names, for two who add up the same must not wait for each other.
  text: `insert into allowances as held (name, spent_at, full_at)
    select name, now() - age * interval '1 millisecond', now() + (owed - age) * interval '1 millisecond'
    from unnest($1::text[], $2::float8[], $3::float8[]) as spent (name, owed, age) order by name
    on conflict (name) do update set spent_at = excluded.spent_at,
      full_at = greatest(excluded.spent_at, least(held.full_at, now() + $4 * interval '1 millisecond')) + (excluded.full_at - excluded.spent_at)
    returning name, (extract(epoch from full_at - clock_timestamp()) * 1000)::float8 as owed`
}

/** Whoever owes nothing need not stand there. */
const forget = 'delete from allowances where name in (select name from allowances where full_at < now() for update skip locked)'

/** What these names owe once that is added. Nobody owed more than `most` before: so long, and no longer, a clock that was set back can lock out. */
export function adding ({ pool }: Pick<Connection, 'pool'>, seldom = 60_000): (spent: Spent, most: number) => Promise<Owed> {
  let forgotten = performance.now()
  return async (spent, most) => {
    const values = [spent.map(({ name }) => name), spent.map(({ owed }) => owed), spent.map(({ age }) => age), most]
    const { rows } = await pool.query<{ name: string, owed: number }>({ ...upsert, values })
    if (performance.now() - forgotten > seldom) {
      forgotten = performance.now()
      // For whoever does it next, and not for whom this answers.
      pool.query(forget).catch(() => {})
    }
    return new Map(rows.map(({ name, owed }) => [name, owed]))
  }
}
