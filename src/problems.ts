// Every error the service can answer with, once: its status, its title, what it means and what to do.
// Knows no Fastify; anything may throw problem(...), and http/problem_handler.ts turns it into the answer.

export const problems = {
  invalid_input: [400, 'The request is not valid', 'A parameter or a member of the body has the wrong name, type or form. Every fault is listed in errors, with a JSON pointer to where it stands.', 'Correct what errors names and send the request again.'],
  unauthenticated: [401, 'A valid key is needed', 'No key was sent where one is needed, or the key sent is unknown, expired, revoked or mistyped.', 'Send Authorization: Bearer followed by a key. Ask the administrator of the service for one.'],
  forbidden: [403, 'The key may not do this', 'The key is good, but its role does not reach this operation, or its organisation has no part in this thing that would let it write.', 'Read who may: detail says so, and the guide on access for every operation. Ask the owner of the plan, the steward of the measure, or the administrator.'],
  not_found: [404, 'Nothing is there', 'The address names nothing that this caller may see.', 'Check the codes in the address; lists show what is there.'],
  method_not_allowed: [405, 'The method is not allowed here', 'The address exists, but not with this method. The Allow header lists those that work.', 'Use one of the methods in the Allow header.'],
  not_acceptable: [406, 'The format is not available', 'None of the formats named in Accept or format is offered here.', 'Ask for a format that the operation documents.'],
  conflict: [409, 'The request conflicts with what is stored', 'The code is taken, another request with the same key is still running, or two writers met.', 'Read the current state and decide again; with a Retry-After header, simply repeat.'],
  in_use: [409, 'The thing is still in use', 'Other things refer to what was to be deleted; errors names them.', 'Change or delete what refers to it first.'],
  expired_cursor: [410, 'The cursor is no longer valid', 'The cursor or bookmark is unreadable, belongs to another list, or is older than what is kept.', 'Start again without it.'],
  stale_version: [412, 'The precondition does not hold', 'Someone changed the thing since it was read, or If-None-Match: * met something stored, or If-Match met nothing.', 'GET it again, look at what changed, and repeat with the new ETag.'],
  too_large: [413, 'The request or its answer is too large', 'The body is larger than the operation takes in this form, or the answer would be larger than the format holds.', 'Send it in smaller parts, or ask for less or for a format without a limit.'],
  unsupported_media_type: [415, 'The media type is not supported', 'The Content-Type of the body is not one that the operation reads.', 'Send one of the media types that the operation documents.'],
  unprocessable: [422, 'The request cannot be carried out', 'The request is well formed but breaks a rule of the domain, or refers to something that is not there. errors says where and why.', 'Correct what errors names and send the request again.'],
  import_rejected: [422, 'The delivery was rejected', 'Rows of the delivery have faults, and nothing of it was written. problems groups them by cause, with their rows.', 'Correct the rows named and send the whole delivery again; what is already stored counts as unchanged.'],
  idempotency_mismatch: [422, 'The Idempotency-Key was used for something else', 'The same Idempotency-Key came with another request before.', 'Use a new key for a new request, and the same key only to repeat one.'],
  precondition_required: [428, 'A precondition is required', 'Replacing, changing or deleting something stored needs If-Match with its current ETag, so that nobody overwrites what they have not seen.', 'GET it, then repeat with If-Match set to its ETag.'],
  rate_limited: [429, 'Too many requests', 'The client has used up its allowance for now.', 'Wait as long as the Retry-After header says.'],
  internal: [500, 'The service failed', 'Something went wrong inside the service; the log has it under the request id.', 'Repeat the request later; if it fails again, report the request id.'],
  not_implemented: [501, 'That is not offered here', 'The request is right by the standard that it follows, but asks for a part of it that this service does not have.', 'Ask in one of the ways that detail names.'],
  unavailable: [503, 'The service is not available right now', 'The database is out of reach, or the service is starting or stopping.', 'Repeat the request as the Retry-After header says. A PUT, or a POST with the same Idempotency-Key, counts once, also where only the answer was lost.']
} as const satisfies Record<string, readonly [number, string, string, string]>

export type ProblemCode = keyof typeof problems

/** One fault inside a request: where (JSON pointer, or the parameter's name after #), which, and what to type. */
export interface Fault { pointer: string, code: string, detail: string, allowed?: readonly string[] }

export interface ProblemOptions {
  errors?: Fault[]
  headers?: Record<string, string>
  /** Further members of the body: an import's receipt. */
  members?: Record<string, unknown>
  cause?: unknown
}

export class Problem extends Error {
  readonly code: ProblemCode
  readonly options: ProblemOptions

  constructor (code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause })
    this.code = code
    this.options = options
  }

  get status (): number {
    return problems[this.code][0]
  }

  /** The body of the answer, as RFC 9457 has it. */
  body (instance: string): Record<string, unknown> {
    const [status, title] = problems[this.code]
    const { errors, members } = this.options
    return { type: `/problems/${this.code}`, title, status, detail: this.message, instance, code: this.code, ...(errors && { errors }), ...members }
  }
}

export const problem = (code: ProblemCode, detail: string, options?: ProblemOptions) => new Problem(code, detail, options)

/** A body that cannot be read at all, and where that was noticed. */
export const unreadable = (detail: string, pointer = '', cause?: unknown) =>
  problem('invalid_input', detail, { errors: [{ pointer, code: 'unreadable', detail }], cause })
