// The documentation at /docs. What stands there as code names the service that is read, so that it can be copied as it stands.
import { posix } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { origin } from '../../http/pages.js'
import { problem } from '../../problems.js'
import { sendPage } from '../send.js'
import { renderGuide } from './guide.js'
import { example, readGuides } from './guides.js'

let kept: Promise<Map<string, string>> | undefined

/** Pages by their addresses, made once: files do not change while the service runs. */
const pages = (): Promise<Map<string, string>> => (kept ??= readGuides().then(guides =>
  new Map([...guides].map(([address, guide]) => [address, renderGuide(guide, guides.get(posix.dirname(address))?.title)]))))

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

export function docsPages (app: FastifyInstance): void {
  const options = { config: { role: 'public' as const, formats: ['html'] as const }, schema: { hide: true } }
  for (const path of ['/docs', '/docs/*']) {
    app.get(path, options, async (request, reply) => {
      const { '*': rest = '' } = request.params as { '*'?: string }
      const address = rest === '' ? '/docs' : `/docs/${rest}`
      const page = (await pages()).get(address)
      if (page === undefined) throw problem('not_found', `There is no guide at ${address}; /docs lists them.`)
      const here = escaped(origin(request))
      return sendPage(reply, page.replaceAll(/<code[^>]*>[^<]*/g, code => code.replaceAll(example, () => here)))
    })
  }
}
