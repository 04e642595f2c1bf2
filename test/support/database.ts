// A database of one's own for each test file, cloned from the migrated template of the run.
import type { Test } from 'tap'
import pg from 'pg'
import { connect, type Connection } from '../../src/db/connection.js'

const server = process.env.OUTTURN_TEST_URL
const template = process.env.OUTTURN_TEST_TEMPLATE

let count = 0

async function admin (statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** The address of a fresh database, dropped when the test ends; empty where no template is wanted. */
export async function testDatabase (t: Test, { migrated = true } = {}): Promise<string> {
  if (server === undefined || template === undefined) throw new Error('Run the tests with npm test.')
  const name = `${template}_${process.pid}_${++count}`
  await admin(`create database ${name}${migrated ? ` template ${template}` : ''}`)
  t.teardown(() => admin(`drop database ${name} with (force)`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

export async function testConnection (t: Test): Promise<Connection & { url: string }> {
  const url = await testDatabase(t)
  const connection = connect(url)
  t.teardown(() => connection.close())
  return { ...connection, url }
}
