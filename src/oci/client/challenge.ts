/** What a 401 asks for. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer'
      readonly realm: string
      readonly service?: string
      readonly scope?: string
      readonly error?: string
    }

/**
 * Reads `WWW-Authenticate` (RFC 9110, section 11.6.1): several challenges in one value, quoted texts with
 * commas in them. What is not understood is left out.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: Challenge[] = []
  // Hostile headers are cut: Node bounds a whole header block at 16 KiB anyway.
  for (const { scheme, parameters } of split(header.slice(0, 8192))) {
    if (scheme === 'basic') found.push({ scheme })
    const realm = parameters.get('realm')
    if (scheme !== 'bearer' || realm === undefined) continue
    found.push({
      scheme,
      realm,
      ...picked(parameters, 'service'),
      ...picked(parameters, 'scope'),
      ...picked(parameters, 'error'),
    })
  }
  return found
}

// A token (and maybe "=" and a value), then what parts it from the next.
const piece = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?[ \t,]*/y

function split(header: string): { scheme: string; parameters: Map<string, string> }[] {
  const all: { scheme: string; parameters: Map<string, string> }[] = []
  piece.lastIndex = header.length - header.trimStart().length
  for (let match = piece.exec(header); match; match = piece.exec(header)) {
    const [, name = '', quoted, bare] = match
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare
    if (value === undefined) all.push({ scheme: name.toLowerCase(), parameters: new Map() })
    else all.at(-1)?.parameters.set(name.toLowerCase(), value)
  }
  return all
}

function picked<K extends string>(parameters: Map<string, string>, name: K): Partial<Record<K, string>> {
  const value = parameters.get(name)
  return value === undefined || value === '' ? {} : ({ [name]: value } as Record<K, string>)
}
