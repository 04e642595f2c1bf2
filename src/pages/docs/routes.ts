// The documentation at /docs. Commands in it name the service that it is read from, so that they can be copied as they stand.
import { posix } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { origin } from '../../http/pages.js'
import { problem } from '../../problems.js'
import { sendPage } from '../send.js'
import { renderGuide } from './guide.js'
import { example, guides } from './guides.js'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

export function docsPages (app: FastifyInstance): void {
  const options = { config: { role: 'public' as const, formats: ['html'] as const }, schema: { hide: true } }
  const pages = new Map<string, string>()
  for (const path of ['/docs', '/docs/*']) {
    app.get(path, options, async (request, reply) => {
      const { '*': rest = '' } = request.params as { '*'?: string }
      const address = rest === '' ? '/docs' : `/docs/${rest}`
      const all = await guides()
      const guide = all.get(address)
      if (guide === undefined) throw problem('not_found', `There is no guide at ${address}; /docs lists them.`)
      if (!pages.has(address)) pages.set(address, renderGuide(guide, all.get(posix.dirname(address))?.title))
      const here = escaped(origin(request))
      return sendPage(reply, pages.get(address)!.replaceAll(/<pre>.*?<\/pre>/gs, commands => commands.replaceAll(example, here)))
    })
  }
}
