// The sample plans as these tests see them: the bundles of data/, what they are expected to hold, and a service that has them.
import { readFile } from 'node:fs/promises'
import type { Test } from 'tap'
import { start, type Started } from '../support/app.js'
import type { Client } from '../support/client.js'

export interface Item extends Record<string, unknown> { code: string }
export interface Bundle extends Record<string, unknown> { plan: Item, datapoints: Array<Record<string, unknown>> }

type Expected = Record<'priorities' | 'outcomes' | 'plan_measures' | 'actions' | 'statements' | 'reviews' | 'updates' | 'targets' | 'datapoints' | 'placeholders' | 'updates_restricted', number>
  & { actions_by_kind?: Record<string, number>, ticks?: number, priority_links?: Record<string, number>, update_links?: Record<string, unknown> }

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

export const expected = JSON.parse(await read('test/fixtures/counts.json')) as {
  plans: Record<string, Expected>
  together: Record<string, number>
  documents: Record<string, number>
}

export const codes = Object.keys(expected.plans)

export const file = async (plan: string) => JSON.parse(await read(`data/${plan}.json`)) as Bundle

export const section = (bundle: Bundle, name: string) => (bundle[name] ?? []) as Item[]

/** A copy without the member that the plan's owner cannot send back. */
export const without = (bundle: Bundle, ...names: string[]) => Object.fromEntries(Object.entries(bundle).filter(([name]) => !names.includes(name)))

/** Answers of the four loads, by plan. */
export async function loadAll (admin: Client) {
  const answers = new Map<string, Awaited<ReturnType<Client['put']>>>()
  for (const code of codes) answers.set(code, await admin.put(`/v1/plans/${code}/bundle`, await file(code)))
  return answers
}

export async function startWithSample (t: Test): Promise<Started & { loads: Awaited<ReturnType<typeof loadAll>> }> {
  const started = await start(t)
  return { ...started, loads: await loadAll(started.admin) }
}

/** Whole lists, which of the sample fit into one page. */
export const all = async (client: Client, url: string): Promise<any[]> => {
  const { body } = await client.get(url, { query: { limit: 1000 } })
  if (body.next_cursor !== null) throw new Error(`${url} has more than a page`)
  return body.items
}

/** Lines of a CSV as objects by column; knows quotes, but no line breaks inside them. */
export function readCsv (text: string): Array<Record<string, string>> {
  const cells = (line: string) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const names = cells(head)
  return lines.map(line => Object.fromEntries(cells(line).map((cell, i) => [names[i]!, cell])))
}

export const facts = readCsv(await read('test/fixtures/datapoint-facts.csv'))
