export interface FieldError {
  pointer: string
  detail: string
  code: string
}

interface ProblemBody {
  title?: string
  detail?: string
  code?: string
  request_id?: string
  params?: Record<string, unknown>
  errors?: FieldError[]
}

/** An answer of the server that is not a success, or no answer at all (`code` "network"). */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly params: Record<string, unknown>
  readonly errors: FieldError[]
  readonly requestId: string | undefined
  /** Seconds until another try makes sense, where the server said so. */
  readonly retryAfter: number | undefined

  constructor(status: number, body: ProblemBody, retryAfter?: number) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = body.code ?? codeOf(status)
    this.params = body.params ?? {}
    this.errors = body.errors ?? []
    this.requestId = body.request_id
    this.retryAfter = retryAfter
  }
}

function codeOf(status: number): string {
  if (status === 0) return 'network'
  return status >= 500 ? 'server_error' : `http_${status}`
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null
}

export function problemOf(response: Response, body: unknown): ApiProblem {
  const wait = Number(response.headers.get('Retry-After'))
  return new ApiProblem(response.status, isProblemBody(body) ? body : {}, wait > 0 ? wait : undefined)
}

export function networkProblem(cause: unknown): ApiProblem {
  return Object.assign(new ApiProblem(0, {}), { cause })
}

/** The newer state that a 412 carries. */
export function newerState<Record>(error: unknown): Record | null {
  if (!(error instanceof ApiProblem) || error.status !== 412) return null
  return (error.params.current as Record | undefined) ?? null
}

/** Whether asking again may help: no answer, too many, or the server is at fault. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status === 429 || error.status >= 500)
}
