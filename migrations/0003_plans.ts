// Plans and what they own, and the one table of references: whatever names something else has a row in uses with a
// real foreign key, so nothing can point at nothing, lists included, and "used by" is one look-up.
import { sql, type Kysely } from 'kysely'

const kept = sql.raw(`
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()`)

const owned = sql.raw(`
  plan text collate "C" not null references plans on delete cascade,
  code text collate "C" not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (plan, code)`)

export async function up (db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table plans (
      code text collate "C" primary key, ${kept},
      title text not null,
      owner text collate "C" not null,
      area text collate "C",
      period text,
      starts date,
      ends date,
      edition text,
      status text not null,
      status_printed jsonb not null,
      live boolean not null,
      predecessor text,
      organisations jsonb not null,
      comparators jsonb not null,
      supporting_measures jsonb not null,
      visibility text not null,
      note text
    )`,
    sql`create unique index plans_code on plans (lower(code))`,
    sql`create table priorities (${owned},
      ref text,
      title text,
      position integer,
      rationale text,
      note text
    )`,
    sql`create table outcomes (${owned},
      priority text collate "C" not null,
      ref text,
      title text,
      position integer,
      due jsonb,
      note text
    )`,
    sql`create table actions (${owned},
      title text not null,
      kind text not null,
      ref text,
      heading text,
      parent text collate "C",
      position integer,
      status text not null,
      due jsonb,
      priorities jsonb not null,
      outcomes jsonb not null,
      plan_measures jsonb not null,
      organisations jsonb not null,
      strategies jsonb not null,
      markers jsonb not null,
      note text
    )`,
    sql`create table plan_measures (${owned},
      measure text collate "C" not null,
      outcome text collate "C",
      action text collate "C",
      priorities jsonb not null,
      title text,
      ref text,
      ref_printed text,
      position integer,
      area text collate "C",
      tier text,
      kind text not null,
      direction text,
      organisations jsonb not null,
      supporting jsonb not null,
      links jsonb not null,
      external_target text,
      markers jsonb not null,
      note text,
      check (num_nonnulls(outcome, action) + (priorities <> '[]')::integer = 1)
    )`,
    ...['priorities', 'outcomes', 'actions', 'plan_measures'].map(table =>
      sql`create unique index ${sql.id(`${table}_code`)} on ${sql.table(table)} (plan, lower(code))`),
    sql`create table uses (
      resource text not null,
      plan text collate "C" references plans on delete cascade,
      code text collate "C" not null,
      member text not null,
      role text,
      organisation text collate "C" references organisations deferrable initially deferred,
      area text collate "C" references areas deferrable initially deferred,
      measure text collate "C" references measures deferrable initially deferred,
      priority text collate "C",
      outcome text collate "C",
      action text collate "C",
      plan_measure text collate "C",
      foreign key (plan, priority) references priorities deferrable initially deferred,
      foreign key (plan, outcome) references outcomes deferrable initially deferred,
      foreign key (plan, action) references actions deferrable initially deferred,
      foreign key (plan, plan_measure) references plan_measures deferrable initially deferred,
      check (num_nonnulls(organisation, area, measure, priority, outcome, action, plan_measure) = 1)
    )`,
    sql`create index uses_user on uses (plan, resource, code)`,
    ...['organisation', 'area', 'measure'].map(column =>
      sql`create index ${sql.id(`uses_${column}`)} on uses (${sql.id(column)}) where ${sql.id(column)} is not null`),
    ...['priority', 'outcome', 'action', 'plan_measure'].map(column =>
      sql`create index ${sql.id(`uses_${column}`)} on uses (plan, ${sql.id(column)}) where ${sql.id(column)} is not null`)
  ]
  for (const statement of statements) await statement.execute(db)
}
