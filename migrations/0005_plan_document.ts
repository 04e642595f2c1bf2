// The rest of a plan's content: targets of measures, what the plan says in words, its reviews and updates; breaks and
// links of measures; and publications, which nobody changes.
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
    sql`alter table outcomes add column ref_printed text`,
    sql`alter table measures add column breaks jsonb not null default '[]', add column links jsonb not null default '[]'`,
    sql`create table targets (
      measure text collate "C" not null references measures deferrable initially deferred,
      code text collate "C" not null, ${kept},
      kind text not null,
      plan text collate "C" references plans deferrable initially deferred,
      area text collate "C",
      breakdown jsonb not null,
      operator text,
      level text not null,
      value numeric,
      lower numeric,
      upper numeric,
      unit text,
      comparator text collate "C",
      baseline jsonb,
      period text,
      by date,
      each_sub_area boolean not null,
      set_by text,
      printed text,
      printed_result text,
      note text,
      primary key (measure, code)
    )`,
    sql`create index targets_plan on targets (plan)`,
    sql`create table statements (${owned},
      kind text not null,
      text text,
      priority text collate "C",
      outcome text collate "C",
      plan_measure text collate "C",
      action text collate "C",
      position integer,
      data jsonb not null,
      note text
    )`,
    sql`create table reviews (${owned},
      kind text not null,
      title text,
      period text,
      due jsonb,
      held_on date,
      organisation text collate "C",
      item text,
      document text,
      position integer,
      note text
    )`,
    sql`create table updates (${owned},
      text text not null,
      kind text not null,
      organisations jsonb not null,
      priorities jsonb not null,
      outcomes jsonb not null,
      plan_measures jsonb not null,
      actions jsonb not null,
      review text collate "C",
      period text,
      heading text,
      ref text,
      due jsonb,
      parent text collate "C",
      position integer,
      sensitivity text not null check (sensitivity in ('public', 'partners', 'restricted')),
      truncated boolean not null,
      note text
    )`,
    sql`create index targets_key on targets ((measure || '/' || code))`,
    sql`create unique index targets_code on targets (lower(measure || '/' || code))`,
    ...['priorities', 'outcomes', 'actions', 'plan_measures', 'statements', 'reviews', 'updates'].map(table =>
      sql`create index ${sql.id(`${table}_order`)} on ${sql.table(table)} (plan, coalesce(position, 2147483647), code)`),
    sql`create index updates_parent on updates (plan, parent) where parent is not null`,
    ...['statements', 'reviews', 'updates'].map(table =>
      sql`create unique index ${sql.id(`${table}_code`)} on ${sql.table(table)} (plan, lower(code))`),
    sql`alter table uses
      add column review text collate "C",
      add column "update" text collate "C",
      add foreign key (plan, review) references reviews deferrable initially deferred,
      add foreign key (plan, "update") references updates deferrable initially deferred,
      drop constraint uses_check,
      add constraint uses_one check (num_nonnulls(organisation, area, measure, priority, outcome, action, plan_measure, review, "update") = 1)`,
    ...['review', 'update'].map(column =>
      sql`create index ${sql.id(`uses_${column}`)} on uses (plan, ${sql.id(column)}) where ${sql.id(column)} is not null`),
    sql`create table publications (
      plan text collate "C" not null references plans,
      label text collate "C" not null,
      date date not null,
      note text,
      digest text not null,
      visibility text not null check (visibility in ('public', 'partners', 'private')),
      owner text collate "C" not null,
      published_at timestamptz not null,
      organisation text,
      bundle text not null,
      primary key (plan, label)
    )`,
    sql`create unique index publications_label on publications (plan, lower(label))`,
    sql`create function refuse_change () returns trigger language plpgsql as $$
      begin
        raise exception 'a publication is never changed' using errcode = 'restrict_violation';
      end $$`,
    sql`create trigger publications_fixed before update or delete or truncate on publications
      for each statement execute function refuse_change()`
  ]
  for (const statement of statements) await statement.execute(db)
}
