// The curl commands of a markdown file, to be run as they stand there against the real app. sh splits the words; a function of
// the name curl hands them to us, so that no program is needed.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Answer, Client } from '../support/client.js'

/** Stand for what a reader copies from an earlier answer. */
const copied = { ID: '{id}', CURSOR: '{cursor}' }

/** The words of each curl command in the shell blocks of the file. */
export function commandsOf (file: string, key: string): string[][] {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!).filter(block => block.startsWith('curl'))
  const script = 'curl () { for word in "$@"; do printf "%s\\0" "$word"; done; printf "\\n\\0"; }\n'
  return blocks.flatMap(block => {
    const { stdout } = spawnSync('sh', ['-c', script + block], { env: { ...process.env, ...copied, KEY: key }, encoding: 'utf8' })
    return stdout.split('\n\0').filter(text => text !== '').map(text => text.split('\0').filter(word => word !== ''))
  })
}

/** Sends commands one after the other: files that one of them writes the others can read, and what an answer told they can name. */
export function sender (client: Client): (words: string[]) => Promise<Answer> {
  const files = new Map<string, Buffer>()
  let [id, cursor] = ['', '']
  return async words => {
    const after = (flag: string) => words.flatMap((word, i) => word === flag ? [words[i + 1]!] : [])
    const url = words.find(word => word.startsWith('http'))!.replace('http://127.0.0.1:3000', '').replace(copied.ID, id).replace(copied.CURSOR, cursor)
    const headers = Object.fromEntries(after('-H').map(header => header.split(/:\s*(.*)/s).slice(0, 2) as [string, string]))
    const [body] = [...after('-d'), ...after('--data-binary')]
    const answer = await client.send(after('-X')[0] ?? 'GET', url, body?.startsWith('@') === true ? files.get(body.slice(1)) : body, { headers })
    for (const name of after('-o')) files.set(name, answer.bytes)
    if (url.startsWith('/v1/datapoint-imports?') && answer.body.links.self !== null) id = answer.body.id
    cursor = answer.headers['outturn-cursor'] ?? cursor
    return answer
  }
}
