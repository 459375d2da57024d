/** What the API answers where it can't do what was asked (RFC 9457), or where nobody answered. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  /** What happened, to what. */
  readonly says: string
  /** What to do now. */
  readonly next: string

  constructor({ code, status, says, next }: { code: string; status: number; says: string; next: string }) {
    super(says)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.says = says
    this.next = next
  }
}

/** Control answered, and says no: asking again would not change that. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status > 0 && error.status < 500
}

/** As words for a person, whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const says = error instanceof Error ? error.message : String(error)
  return new Problem({ code: 'PAGE', status: 0, says, next: 'Reload the page. If it happens again, report it.' })
}

export async function readProblem(answer: Response): Promise<Problem> {
  const status = answer.status
  const body: unknown = await answer.json().catch(() => undefined)
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const text = (name: string, instead: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : instead
  }
  return new Problem({
    status,
    code: text('code', `HTTP_${status}`),
    says: text('title', `Control answered ${status}`),
    next: text('detail', 'Try again in a moment.'),
  })
}

export function unreachable(): Problem {
  return new Problem({
    code: 'CONTROL_UNREACHABLE',
    status: 0,
    says: 'Control does not answer',
    next: 'Check the connection and that Towpath runs, then try again.',
  })
}
