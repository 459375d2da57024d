const HIDDEN = '[hidden]'
/** Matched against a key's letters alone, so `secret_access_key`, `X-Api-Key` and `refreshToken` are found. */
const SECRET_KEY =
  /^(authorization|proxyauthorization|cookie|setcookie|.*(password|passwd|passphrase|secret|token|apikey|accesskey|accesskeyid|privatekey|credential|credentials|signature)|pwd)$/
const CREDENTIALS = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi
const URL_PASSWORD = /(:\/\/[^\s/:@]*):[^\s/@]+@/g
const URL_SECRET = /([?&](?:[a-z0-9_-]*(?:token|secret|password|signature|credential)|sig)=)[^&\s"']+/gi
const DEEPEST = 6
const LONGEST_LIST = 100
/** A shorter one would hide half of the words. */
const SHORTEST_SECRET = 4

/** A copy fit for a log: secrets by name hidden, credentials in text hidden, errors as plain data. */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, field(key, value, 0)]))
}

/** Whether what stands under this key is a secret, going by its name. */
export function isSecretName(key: string): boolean {
  return SECRET_KEY.test(key.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

/** Text without the credentials that ended up in it: an Authorization header, a URL with a password. */
export function scrub(text: string): string {
  return text
    .replace(CREDENTIALS, `$1 ${HIDDEN}`)
    .replace(URL_PASSWORD, `$1:${HIDDEN}@`)
    .replace(URL_SECRET, `$1${HIDDEN}`)
}

/** Whoever was sent secrets may send them back: gone from the text, longest first. As both engines take it. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter(secret => secret.length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length)
  const rest = known.reduce((left, secret) => left.replaceAll(secret, '(hidden)'), text)
  return scrub(rest).replaceAll('\0', '').toWellFormed()
}

function field(key: string, value: unknown, depth: number): unknown {
  // A flag or an absence says nothing of the secret and helps to find what is wrong.
  if (typeof value === 'boolean' || value === undefined || value === null) return value
  return isSecretName(key) ? HIDDEN : plain(value, depth)
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrub(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value
  if (depth >= DEEPEST) return '[deeper]'
  if (value instanceof Error) return errorFields(value, depth)
  if (value instanceof Date || value instanceof URL) return scrub(JSON.stringify(value).slice(1, -1))
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Map || value instanceof Set) return plain([...value], depth)
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map(item => plain(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, field(key, inner, depth + 1)]))
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const own = Object.entries(error).map(([key, value]) => [key, field(key, value, depth + 1)])
  return {
    ...Object.fromEntries(own),
    type: error.name,
    message: scrub(error.message),
    stack: scrub(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1) }),
    ...(error instanceof AggregateError ? { errors: plain(error.errors, depth + 1) } : {}),
  }
}
