// A figure as cells of text, whichever way it was read: so the feed, /v1 and the CSV can be held against each other.
import { flatOf } from '../../src/documents/workbook/cells.js'
import type { Row } from './feed.js'

/** As the CSV has them. */
export type Cells = Record<string, string>

export const keyOf = (cells: Row): string => ['measure', 'area', 'period', 'breakdown', 'statistic', 'against', 'base_period'].map(name => cells[name]).join(' ')

const breakdown = (value: unknown) => Object.entries(value as Record<string, string> ?? {}).map(([name, code]) => `${name}=${code}`).join(';')
const listed = (value: unknown) => (value as string[]).join(';')

const said = (name: string, value: unknown) => name === 'breakdown' ? breakdown(value) : name === 'qualifiers' ? listed(value) : flatOf(value)

export const ofV1 = (row: Row): Cells => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(said(name, value) ?? '')]))

export const ofFeed = ({ id: _, period_start_at: __, last_changed_at: ___, ...row }: Row): Cells =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')]))
