// The log: JSON lines without secrets. A request is one line with the id of its key, without query, headers or body; of an error
// only named parts are told, and not the values that a database or a parser quotes.
import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import { pino, type DestinationStream, type Logger } from 'pino'
import { withoutKeys } from './secrets.js'

export const logger = (level: string, destination: DestinationStream): Logger => pino({
  level,
  serializers: { err: (error: unknown) => told(error, 3), req: (request: FastifyRequest) => ({ method: request.method, path: pathOf(request) }) },
  // Nothing logs these; what might some day is not to show them.
  redact: { paths: ['authorization', 'headers', '*.authorization', '*.headers', '*.rawPacket'], remove: true }
}, destination)

type Parts = Partial<Record<'name' | 'code' | 'message' | 'stack' | 'severity' | 'schema' | 'table' | 'column' | 'constraint' | 'routine', string>> & { cause?: unknown }

/** Type, code, words, place and cause, and of a database's error what it was about. */
function told (error: unknown, depth: number): unknown {
  if (typeof error !== 'object' || error === null) return withoutKeys(String(error))
  const { name, code, message = '', stack = '', severity, schema, table, column, constraint, routine, cause } = error as Parts
  const quotes = severity !== undefined || error instanceof SyntaxError
  return {
    type: name,
    code,
    message: withoutKeys(quotes ? message.replace(/"[^]*"/g, '"…"') : message),
    ...(severity !== undefined && { schema, table, column, constraint, routine }),
    stack: stack.split('\n').filter(line => /^\s+at /.test(line)).join('\n'),
    ...(cause !== undefined && depth > 0 && { cause: told(cause, depth - 1) })
  }
}

/** One line a request, when it has been answered or broken off. */
export class RequestLog extends LogController {
  override incomingRequest (): void {}

  override requestCompleted (error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const line = {
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
      // Nobody's where the key was refused.
      key: (request.actor as FastifyRequest['actor'] | undefined)?.key,
      address: request.ip
    }
    if (error) request.log.warn({ ...line, err: error }, 'broken off')
    else request.log.info(line, 'answered')
  }
}

const pathOf = ({ url }: Pick<FastifyRequest, 'url'>) => withoutKeys(url.split('?', 1)[0]!)
