// Whom to tell of a weakness, as RFC 9116 has it; nothing where the operator has named nobody, for a contact is required.
import type { FastifyInstance } from 'fastify'

/** What is said is good for as long: RFC 9116 wants less than a year. */
const days = 180

export function securityTxt (app: FastifyInstance, contact: string | null): void {
  if (contact === null) return
  app.get('/.well-known/security.txt', { config: { role: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const expires = new Date(Date.now() + days * 86_400_000).toISOString().replace(/T.*/, 'T00:00:00Z')
    const { publicUrl } = request.server
    const lines = [`Contact: ${contact}`, `Expires: ${expires}`, 'Preferred-Languages: en', ...(publicUrl === null ? [] : [`Canonical: ${publicUrl}/.well-known/security.txt`])]
    return reply.type('text/plain; charset=utf-8').send(`${lines.join('\n')}\n`)
  })
}
