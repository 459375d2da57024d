/** What a person can say to an offer's document before it is reviewed. Control reads it for real, and decides. */
export type DocumentOutline = {
  readonly form: 'arm' | 'yaml' | 'none'
  readonly parameters: readonly Parameter[]
  /** Ids that are none of Towpath's: somebody must say who that is here. */
  readonly foreignIds: readonly { readonly id: string; readonly name: string }[]
}

export type Parameter = {
  readonly name: string
  readonly type: string
  readonly says: string
  /** As text; undefined where one must be given. */
  readonly initial: string | undefined
}

/** As deep as control reads. */
const DEEPEST = 40
const MOST = 100

export function readDocument(text: string): DocumentOutline {
  const start = text.replace(/^\uFEFF/, '').trimStart()
  if (start === '') return { form: 'none', parameters: [], foreignIds: [] }
  if (!start.startsWith('{')) return { form: 'yaml', parameters: [], foreignIds: [] }
  const found = new Map<string, string>()
  const document = parsed(start)
  collect(document, found, 0)
  const foreignIds = [...found].slice(0, MOST).map(([id, name]) => ({ id, name }))
  return { form: 'arm', parameters: parametersOf(document), foreignIds }
}

/** What was typed, as the type of the parameter wants it. Text that is no such value goes as it is: control refuses it in words. */
export function parameterValue({ type }: Parameter, text: string): unknown {
  if (/^string$/i.test(type)) return text
  const value = parsed(text)
  return value === undefined ? text : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Control says what is wrong with it, when it is asked to review it.
    return undefined
  }
}

function parametersOf(document: unknown): Parameter[] {
  const { parameters } = fieldsOf(document)
  return Object.entries(fieldsOf(parameters))
    .slice(0, MOST)
    .map(([name, given]) => {
      const { type, defaultValue, metadata } = fieldsOf(given)
      const { description } = fieldsOf(metadata)
      const initial = typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue)
      return {
        name,
        type: typeof type === 'string' ? type : 'string',
        says: typeof description === 'string' ? description : '',
        initial,
      }
    })
}

function collect(value: unknown, found: Map<string, string>, depth: number): void {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return
  const { managedByTenantId, principalId, principalIdDisplayName: name } = fieldsOf(value)
  if (foreign(managedByTenantId)) found.set(managedByTenantId, 'The managing tenant')
  if (foreign(principalId)) found.set(principalId, typeof name === 'string' ? name : '')
  for (const inner of Object.values(value)) collect(inner, found, depth + 1)
}

/** Neither one of ours nor an expression. */
function foreign(id: unknown): id is string {
  return typeof id === 'string' && id.length <= 100 && !/^(\[|ten_|prn_)/.test(id) && id !== ''
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
