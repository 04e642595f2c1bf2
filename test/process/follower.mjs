// A follower of the change feed as a process of its own, to be killed at any moment: it keeps each page with the bookmark behind it
// in one file, put in its place in one step, and goes on from the last one that is there. Plain JavaScript, for it starts often.
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const { KEY, PLACE, QUERY, URLS, END } = process.env
const urls = URLS.split(' ')
const name = page => join(PLACE, `${String(page).padStart(6, '0')}.json`)

let page = (await readdir(PLACE)).filter(file => file.endsWith('.json')).length
let bookmark = page === 0 ? undefined : JSON.parse(await readFile(name(page - 1), 'utf8')).next_cursor

for (;;) {
  const query = new URLSearchParams(QUERY)
  if (bookmark !== undefined) query.set('after', bookmark)
  const response = await fetch(`${urls[Math.floor(Math.random() * urls.length)]}/v1/changes?${query}`, { headers: { authorization: `Bearer ${KEY}` } })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${response.status} ${text}`)
  const { items, next_cursor: next, has_more: more } = JSON.parse(text)
  if (!Array.isArray(items) || typeof next !== 'string' || typeof more !== 'boolean') throw new Error(`Not a page: ${text}`)
  if (items.length > 0) {
    await writeFile(join(PLACE, 'part'), text)
    await rename(join(PLACE, 'part'), name(page++))
  }
  bookmark = next
  if (more) continue
  if (END === 'true') break
  await sleep(20)
}
