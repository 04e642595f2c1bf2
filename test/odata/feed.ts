// The feed as its clients see it: each answer has the version, one media type, and errors in the form of OData.
import { AssertionError } from 'node:assert'
import type { Started } from '../support/app.js'
import { adminKey } from '../support/app.js'

export type Row = Record<string, unknown>

export interface FeedAnswer {
  status: number
  headers: Record<string, unknown>
  text: string
  bytes: Buffer
  // Tests look into bodies freely.
  body: any
  rows: Row[]
  next: string | undefined
  code: string | undefined
  message: string
}

export type Feed = ReturnType<typeof feedOf>

/** `key`: as a Bearer; null for none. Addresses are below /odata/v1, query as a map or as it is. */
export function feedOf ({ app }: Pick<Started, 'app'>, key: string | null = adminKey) {
  async function send (method: 'GET' | 'POST' | 'HEAD' | 'PUT' | 'DELETE' | 'PATCH', url: string, headers: Record<string, string> = {}, payload?: string): Promise<FeedAnswer> {
    const response = await app.inject({ method, url, headers: { ...(key !== null && { authorization: `Bearer ${key}` }), ...headers }, ...(payload !== undefined && { payload }) })
    const type = String(response.headers['content-type'] ?? '')
    const body = type.startsWith('application/json') && response.body !== '' ? JSON.parse(response.body) as Row : undefined
    const answer: FeedAnswer = {
      status: response.statusCode,
      headers: response.headers,
      text: response.body,
      bytes: response.rawPayload,
      body,
      rows: (body?.value ?? []) as Row[],
      next: body?.['@odata.nextLink'] as string | undefined,
      code: (body?.error as { code: string } | undefined)?.code,
      message: (body?.error as { message: string } | undefined)?.message ?? ''
    }
    const fault = answer.headers['odata-version'] !== '4.0'
      ? `odata-version is ${String(answer.headers['odata-version'])}`
      : answer.status >= 400 && method !== 'HEAD' && (type !== 'application/json;odata.metadata=minimal' || answer.code === undefined || answer.message === '') ? 'the error has not the form of OData' : undefined
    if (fault !== undefined || answer.status === 500) throw new AssertionError({ message: `${method} ${url}: ${fault ?? ''} ${answer.status} ${answer.text.slice(0, 500)}` })
    return answer
  }
  const address = (path: string, options: Record<string, string | number | boolean> = {}) => {
    const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
    return `/odata/v1/${path}${query === '' ? '' : `?${query}`}`
  }
  const get = (path: string, options: Record<string, string | number | boolean> = {}, headers: Record<string, string> = {}) => send('GET', address(path, options), headers)
  return {
    send,
    get,
    /** All pages, one after the other. */
    walk: async (path: string, options: Record<string, string | number | boolean> = {}, size?: number): Promise<Row[]> => {
      const headers: Record<string, string> = size === undefined ? {} : { prefer: `odata.maxpagesize=${size}` }
      const rows: Row[] = []
      let answer = await get(path, options, headers)
      for (;;) {
        if (answer.status !== 200) throw new AssertionError({ message: `${path}: ${answer.status} ${answer.text.slice(0, 500)}` })
        rows.push(...answer.rows)
        if (answer.next === undefined) return rows
        const { pathname, search } = new URL(answer.next)
        answer = await send('GET', pathname + search, headers)
      }
    }
  }
}
