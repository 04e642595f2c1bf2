// Who may call, what was done: clients and keys, the journal that is audit trail and change feed in one,
// and the answers kept for repeated POSTs.
import { sql, type Kysely } from 'kysely'

export async function up (db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table clients (
      code text collate "C" primary key,
      organisation text collate "C",
      role text not null check (role in ('reader', 'contributor', 'editor', 'publisher', 'admin')),
      title text not null,
      version integer not null default 1,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`,
    sql`create unique index clients_code on clients (lower(code))`,
    sql`create table keys (
      id text collate "C" primary key,
      client text collate "C" not null references clients on delete cascade,
      kind text not null check (kind in ('standard', 'feed')),
      secret_hash bytea not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      last_used_on date
    )`,
    sql`create index keys_client on keys (client)`,
    // One row: the last position handed out. A write takes it as its last statement, so positions follow commits.
    sql`create table journal (
      only_row boolean primary key default true check (only_row),
      position bigint not null,
      at timestamptz not null
    )`,
    sql`insert into journal values (true, 0, now())`,
    sql`create table changes (
      id bigint primary key,
      at timestamptz not null,
      action text not null,
      resource text not null,
      version integer,
      organisation text,
      client text,
      key_id text,
      request_id text not null,
      reason text,
      counts jsonb,
      plan text collate "C",
      measure text collate "C",
      visibility text,
      owner text
    )`,
    sql`create index changes_resource on changes (resource, id)`,
    // Figures name the write that made them; its instant is known only at commit.
    sql`create table writes (
      id bigint generated always as identity primary key,
      position bigint not null,
      at timestamptz not null
    )`,
    sql`create unique index writes_position on writes (position)`,
    sql`create table idempotency_keys (
      client text collate "C" not null,
      key text collate "C" not null,
      fingerprint bytea not null,
      status integer not null,
      headers jsonb not null,
      body text not null,
      at timestamptz not null default now(),
      primary key (client, key)
    )`,
    sql`create index idempotency_keys_at on idempotency_keys (at)`
  ]
  for (const statement of statements) await statement.execute(db)
}
