// The journal as audit: free texts stand beside it, its lines are chained by hashes and only ever added to, and two functions
// of the role that migrates are the only ones that erase texts or prune what is old; both journal that they did.
import { sql, type Kysely } from 'kysely'

/** What is put in the place of a text that was erased. */
const tombstone = sql.lit('[erased]')

const tables = [
  // Why something was done is free text, so it stands beside the journal, which keeps a salted digest: with the salt erased
  // nobody can find the text by guessing.
  sql`create table reasons (
    id bigint primary key,
    reason text not null,
    salt bytea,
    erased_by bigint
  )`,
  sql`alter table changes add column reason_digest bytea, add column hash bytea`,
  sql`alter table journal add column hash bytea, add column pruned_to bigint not null default 0, add column pruned_hash bytea`,
  // Who was shown what only few may see: one line a request.
  sql`create table accesses (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    what text not null check (what in ('raw_figures', 'restricted_updates')),
    resource text not null,
    organisation text,
    client text,
    key_id text,
    request_id text not null
  )`,
  sql`create index accesses_at on accesses (at)`,
  sql`alter table publications add column original_digest text, add column redacted_at timestamptz`
]

const chain = [
  // The words of a line, the same whatever the settings of the session are.
  sql`create function journal_line (id bigint, at timestamptz, action text, resource text, version integer, organisation text, client text,
      key_id text, request_id text, counts jsonb, plan text, measure text, visibility text, owner text, reason_digest bytea)
    returns bytea language sql stable
    return convert_to(jsonb_build_array(id, instant_text(at), action, resource, version, organisation, client,
      key_id, request_id, counts, plan, measure, visibility, owner, encode(reason_digest, 'hex'))::text, 'UTF8')`,
  sql`create function chain_next (state bytea, before bytea, line bytea) returns bytea language sql immutable
    return sha256(coalesce(state, before) || line)`,
  sql`create aggregate chained (before bytea, line bytea) (sfunc = chain_next, stype = bytea)`,
  sql`create function reason_digest (salt bytea, reason text) returns bytea language sql stable
    return sha256(salt || convert_to(reason, 'UTF8'))`
]

/** What was journalled so far gets its places in the chain, which begins with the hash of nothing. */
const history = [
  sql`insert into reasons (id, reason, salt) select id, reason, uuid_send(gen_random_uuid()) from changes where reason is not null`,
  sql`update changes c set reason_digest = reason_digest(r.salt, r.reason) from reasons r where r.id = c.id`,
  sql`alter table changes drop column reason`,
  sql`update changes c set hash = l.hash from (
      select id, chained(sha256(''), journal_line(id, at, action, resource, version, organisation, client, key_id, request_id, counts,
        plan, measure, visibility, owner, reason_digest)) over (order by id) as hash
      from changes) l where l.id = c.id`,
  sql`update journal set hash = coalesce((select hash from changes order by id desc limit 1), sha256('')), pruned_hash = sha256('')`,
  sql`alter table changes alter column hash set not null`,
  sql`alter table journal alter column hash set not null, alter column pruned_hash set not null`
]

/** Runs as the role that migrates, whoever calls it, and finds only what is in this schema. */
const definer = (schema: string) => sql`security definer set search_path = ${sql.id(schema)}, pg_temp`

/** The one way into the journal: lines in the order in which they are given, chained to the one before. */
const append = (schema: string) => sql`
  create function append_changes (write bigint, organisation text, client text, key_id text, request_id text, lines json)
  returns bigint language plpgsql ${definer(schema)} as $$
  declare
    head journal;
    last bytea;
    now timestamptz;
  begin
    select * into head from journal for update;
    now := greatest(clock_timestamp(), head.at + interval '1 microsecond');
    with line as materialized (
      select head.position + ordinality as id, c.*, case when c.reason is not null then uuid_send(gen_random_uuid()) end as salt
      from rows from (json_to_recordset(lines) as
        (action text, resource text, version integer, reason text, counts jsonb, plan text, measure text, visibility text, owner text))
        with ordinality as c
    ), said as (
      insert into reasons (id, reason, salt) select l.id, l.reason, l.salt from line l where l.reason is not null
    ), written as (
      insert into changes (id, at, action, resource, version, organisation, client, key_id, request_id, counts, plan, measure, visibility, owner,
        reason_digest, hash)
      select l.id, now, l.action, l.resource, l.version, $2, $3, $4, $5, l.counts, l.plan, l.measure, l.visibility, l.owner, d.digest,
        chained(head.hash, journal_line(l.id, now, l.action, l.resource, l.version, $2, $3, $4, $5, l.counts, l.plan, l.measure,
          l.visibility, l.owner, d.digest)) over (order by l.id)
      from line l cross join lateral (select reason_digest(l.salt, l.reason) as digest) d
      returning changes.id, changes.hash
    ) select w.id, w.hash into head.position, last from written w order by w.id desc limit 1;
    update journal set position = head.position, at = now, hash = last;
    if write is not null then
      insert into writes (id, position, at) overriding system value values (write, head.position, now);
    end if;
    return head.position;
  end $$`

/** Whoever else tries is refused: even the owner, until it switches the trigger off, which its logs can show. */
const guard = [
  sql`drop trigger publications_fixed on publications`,
  sql`drop function refuse_change()`,
  sql`create function refuse_change () returns trigger language plpgsql as $$
    begin
      if coalesce(current_setting('outturn.upkeep', true), '') = 'on'
        and pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
        return null;
      end if;
      raise exception '%', tg_argv[0] using errcode = 'restrict_violation';
    end $$`,
  ...Object.entries({
    publications: 'a publication is never changed',
    changes: 'the journal is only added to: use outturn prune for what is older than is to be kept',
    reasons: 'reasons are only added to: use outturn erase for a text that must go',
    accesses: 'what was read is only added to: use outturn prune for what is older than is to be kept'
  }).map(([table, words]) => sql`create trigger ${sql.id(`${table}_fixed`)} before update or delete or truncate on ${sql.table(table)}
      for each statement execute function refuse_change(${sql.lit(words)})`)
]

const redaction = [
  // Nothing that a digest is taken of may change but the texts: the order of members and the form of numbers stay to the letter.
  sql`create function tombstoned (item json) returns json language plpgsql immutable as $$
    begin
      return case json_typeof(item)
        when 'string' then to_json(${tombstone}::text)
        when 'object' then (select concat('{', string_agg(concat(to_json(key), ':', tombstoned(value)), ',' order by ordinality), '}')::json
          from json_each(item) with ordinality)
        when 'array' then (select concat('[', string_agg(tombstoned(value)::text, ',' order by ordinality), ']')::json
          from json_array_elements(item) with ordinality)
        else item end;
    end $$`,
  // Members of these names, however deep. The coded form of a statement holds codes beside its texts.
  sql`create function redacted (item json, names text[]) returns json language plpgsql immutable as $$
    begin
      return case json_typeof(item)
        when 'object' then (select concat('{', string_agg(concat(to_json(key), ':', case
            when key = 'data' and key = any(names) then redacted(value, names || '{unit,period}'::text[])
            when key = any(names) then tombstoned(value)
            else redacted(value, names) end), ',' order by ordinality), '}')::json from json_each(item) with ordinality)
        when 'array' then (select concat('[', string_agg(redacted(value, names)::text, ',' order by ordinality), ']')::json
          from json_array_elements(item) with ordinality)
        else item end;
    end $$`,
  // Whether an item of a bundle is the one of this key; what a bundle leaves out is the default.
  sql`create function is_item (item jsonb, key jsonb) returns boolean language sql immutable
    return (select bool_and(coalesce(item -> name, case name when 'breakdown' then '{}' when 'statistic' then '"level"' else '""' end::jsonb) = wanted)
      from jsonb_each(key) as k (name, wanted))`,
  sql`create function redacted_bundle (bundle json, section text, key jsonb, names text[]) returns text language sql immutable
    return (select concat('{', string_agg(concat(to_json(part), ':', case
        when part <> section then content
        when json_typeof(content) = 'object' then case when is_item(content::jsonb, $3) then redacted(content, names) else content end
        else (select concat('[', string_agg(case when is_item(one::jsonb, $3) then redacted(one, names) else one end::text, ',' order by place), ']')::json
          from json_array_elements(content) with ordinality as e (one, place))
        end), ',' order by place), '}') from json_each(bundle) with ordinality as b (part, content, place))`,
  // The columns of a table that hold such members, each with what it becomes of the parameter $1, the names.
  sql`create function redactions (kind text, names text[]) returns text language sql stable
    return (select string_agg(format(case data_type when 'text' then '%1$I = case when %1$I is not null then %2$L end'
        else '%1$I = (redacted(json_build_object(%1$L, %1$I), $1) -> %1$L)::jsonb' end, column_name, ${tombstone}::text), ', ')
      from information_schema.columns
      where table_schema = current_schema and table_name = kind and (data_type = 'jsonb' or (data_type = 'text' and column_name = any(names))))`
]

const differs = 'redacted(to_json(t), $1)::jsonb <> to_jsonb(t)'

/**
 * Erases the texts of one thing wherever a state of it is kept. \`place\` says where that is: table and key, plan, and section and item
 * of a bundle; \`names\` which members are texts. Null: there was nothing to erase.
 */
const erase = (schema: string) => sql`
  create function erase (resource text, place jsonb, names text[], why text, organisation text, client text, key_id text, request_id text)
  returns jsonb language plpgsql ${definer(schema)} as $$
  #variable_conflict use_variable
  declare
    kind text := place ->> 'table';
    sought jsonb := place -> 'key';
    period integer := (select p.id from periods p where p.code = sought ->> 'period');
    run integer[];
    wrote bigint[];
    write bigint;
    revision integer;
    said bigint[];
    items integer := 0; revisions integer := 0; editions integer := 0; answers integer := 0;
    counts jsonb;
    line bigint;
    about changes;
  begin
    perform set_config('outturn.upkeep', 'on', true);
    if kind = 'figures' then
      perform pg_advisory_xact_lock(hashtext('outturn figures'), abs(hashtext(sought ->> 'measure') % 256));
      run := array(select s.id from series s where s.measure = sought ->> 'measure' and s.area = sought ->> 'area'
        and s.breakdown = sought ->> 'breakdown' and s.statistic = sought ->> 'statistic'
        and s.against = sought ->> 'against' and s.base_period = sought ->> 'base_period');
      wrote := array(select t.write_id from (select * from figures union all select * from figure_revisions) t
        where t.series_id = any(run) and t.period_id = period);
      insert into figure_revisions select t.* from figures t
        where t.series_id = any(run) and t.period_id = period and redacted(to_json(t), names)::jsonb <> to_jsonb(t);
      get diagnostics items = row_count;
      if items > 0 then write := nextval(pg_get_serial_sequence('writes', 'id')); end if;
      execute format('update figures t set %s, revision = t.revision + 1, write_id = $4 where t.series_id = any($2) and t.period_id = $3 and ${sql.raw(differs)}
        returning t.revision', redactions(kind, names)) into revision using names, run, period, write;
      execute format('update figure_revisions t set %s where t.series_id = any($2) and t.period_id = $3 and ${sql.raw(differs)}',
        redactions('figure_revisions', names)) using names, run, period;
      get diagnostics revisions = row_count;
    elsif kind = 'imports' then
      update imports t set receipt = redacted(t.receipt::json, names)::jsonb, rejected = ${tombstone} || t.id
        where t.id = sought ->> 'id' and (t.rejected <> ${tombstone} || t.id or redacted(t.receipt::json, names)::jsonb <> t.receipt);
      get diagnostics items = row_count;
    elsif kind = 'publications' then
      update publications t set note = ${tombstone} where to_jsonb(t) @> sought and t.note <> ${tombstone};
      get diagnostics items = row_count;
    elsif kind = any('{organisations,areas,measures,plans,clients,priorities,outcomes,actions,plan_measures,statements,reviews,updates,targets}') then
      execute format('update %I t set %s, version = t.version + 1, updated_at = now() where to_jsonb(t) @> $2 and ${sql.raw(differs)} returning t.version',
        kind, redactions(kind, names)) into revision using names, sought;
      items := (revision is not null)::integer;
    elsif kind <> 'changes' then
      raise exception 'there is no % to erase texts of', kind using errcode = 'invalid_parameter_value';
    end if;
    if place ? 'section' then
      with found as materialized (
        select t.plan, t.label, redacted_bundle(t.bundle::json, place ->> 'section', place -> 'item', names) as bundle from publications t
        where (place ->> 'plan' is null or t.plan = place ->> 'plan') and position(to_json(place ->> 'within')::text in t.bundle) > 0
      ) update publications t set bundle = f.bundle, original_digest = coalesce(t.original_digest, t.digest), redacted_at = clock_timestamp(),
          digest = translate(rtrim(encode(sha256(convert_to(f.bundle, 'UTF8')), 'base64'), '='), '+/', '-_')
        from found f where f.plan = t.plan and f.label = t.label and f.bundle <> t.bundle;
      get diagnostics editions = row_count;
    end if;
    update idempotency_keys t set body = redacted(t.body::json, names)::text
      where case kind when 'imports' then t.body::jsonb ->> 'id' = sought ->> 'id' else t.headers ->> 'location' = resource end
        and redacted(t.body::json, names)::text <> t.body;
    get diagnostics answers = row_count;
    said := array(select r.id from reasons r join changes c using (id) where r.erased_by is null and case kind
      when 'changes' then r.id = (sought ->> 'id')::bigint
      when 'figures' then (c.resource = erase.resource and c.action <> 'erased')
        or c.resource in (select '/v1/datapoint-imports/' || i.id from imports i where i.write_id = any(wrote))
      else c.resource = erase.resource and c.action <> 'erased' end);
    if items + revisions + editions + answers + cardinality(said) = 0 then
      perform set_config('outturn.upkeep', 'off', true);
      return null;
    end if;
    counts := jsonb_build_object('items', items, 'revisions', revisions, 'publications', editions, 'answers', answers, 'reasons', cardinality(said));
    -- Who may know that it was erased are those who may know what was last done to it.
    select * into about from changes c where case kind when 'changes' then c.id = (sought ->> 'id')::bigint else c.resource = erase.resource end
      order by c.id desc limit 1;
    line := append_changes(write, organisation, client, key_id, request_id, json_build_array(json_build_object('action', 'erased',
      'resource', resource, 'version', revision, 'reason', why, 'counts', counts, 'plan', coalesce(about.plan, place ->> 'plan'),
      'measure', coalesce(about.measure, place ->> 'measure'), 'visibility', case when about.id is null then 'private' else about.visibility end,
      'owner', about.owner)));
    update reasons r set reason = ${tombstone}, salt = null, erased_by = line where r.id = any(said);
    perform set_config('outturn.upkeep', 'off', true);
    return counts;
  end $$`

/** What is older than the day goes; the hash of the last line that goes stays, as the one that the first that stays is chained to. */
const prune = (schema: string) => sql`
  create function prune (before timestamptz, why text, organisation text, client text, key_id text, request_id text)
  returns jsonb language plpgsql ${definer(schema)} as $$
  #variable_conflict use_variable
  declare
    last changes;
    counts jsonb;
    lines integer; deliveries integer; answers integer; reads integer;
  begin
    perform set_config('outturn.upkeep', 'on', true);
    if before > clock_timestamp() then
      raise exception 'what is to come cannot be pruned' using errcode = 'invalid_parameter_value';
    end if;
    select * into last from changes c where c.at < before order by c.id desc limit 1;
    delete from reasons r where r.id <= last.id;
    delete from changes c where c.id <= last.id;
    get diagnostics lines = row_count;
    delete from imports t where t.received_at < before;
    get diagnostics deliveries = row_count;
    -- A repeat is safe for seven days, however short the retention.
    delete from idempotency_keys t where t.at < least(before, now() - interval '7 days');
    get diagnostics answers = row_count;
    delete from accesses t where t.at < before;
    get diagnostics reads = row_count;
    if lines + deliveries + answers + reads = 0 then
      perform set_config('outturn.upkeep', 'off', true);
      return null;
    end if;
    update journal j set pruned_to = greatest(j.pruned_to, last.id), pruned_hash = case when last.id > j.pruned_to then last.hash else j.pruned_hash end;
    counts := jsonb_build_object('changes', lines, 'deliveries', deliveries, 'answers', answers, 'reads', reads,
      'to', (select j.pruned_to from journal j));
    perform append_changes(null, organisation, client, key_id, request_id, json_build_array(json_build_object('action', 'pruned',
      'resource', '/v1/changes', 'reason', why, 'counts', counts)));
    perform set_config('outturn.upkeep', 'off', true);
    return counts;
  end $$`

export async function up (db: Kysely<unknown>): Promise<void> {
  const { rows: [place] } = await sql<{ schema: string }>`select current_schema as schema`.execute(db)
  const made = [append, erase, prune].map(one => one(place!.schema))
  for (const statement of [...tables, ...chain, ...history, ...guard, ...redaction, ...made]) await statement.execute(db)
  // Functions are everyone's unless it is said otherwise; who may journal is for the operator to grant.
  for (const name of ['append_changes', 'erase', 'prune']) await sql`revoke execute on function ${sql.id(name)} from public`.execute(db)
}
