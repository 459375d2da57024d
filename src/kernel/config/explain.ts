import type { z } from 'zod'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { factsAt, type KeyPath, keyText, namesBelow } from './walk.ts'

type Issue = z.core.$ZodIssue
type Context = { raw: unknown; where: (path: KeyPath) => string }

/** What zod found, in words that name the key, its value where that is no secret, the line, and the fix. */
export function explain(issue: Issue, context: Context): Problem[] {
  const path = issue.path.filter(part => typeof part !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map(name => unknownKey([...path, name], context))
  return [{ key: keyText(path), where: context.where(path), says: describe(path, context), fix: fixFor(issue, path) }]
}

function unknownKey(path: KeyPath, { where }: Context): Problem {
  const name = String(path.at(-1))
  const known = namesBelow(path.slice(0, -1))
  const meant = nearest(name, known)
  const fix = meant
    ? known.includes(name)
      ? `It does not go with the ${path.at(-2)} chosen here; remove it`
      : `Did you mean ${meant}?`
    : `Known here: ${known.join(', ')}`
  return { key: keyText(path), where: where(path), says: 'is not a known key', fix }
}

function describe(path: KeyPath, { raw }: Context): string {
  const value = valueAt(raw, path)
  if (value === undefined) return 'is missing'
  if (factsAt(path)?.secret) return 'is not a reference to a secret'
  if (value === null) return 'has no value'
  if (Array.isArray(value)) return 'is a list'
  if (typeof value === 'object') return 'is a map'
  return `is ${JSON.stringify(value)}`
}

function fixFor(issue: Issue, path: KeyPath): string {
  const takes = factsAt(path)?.takes
  if (takes) return `Set it to ${takes}`
  if (issue.code === 'invalid_value') return `Set it to ${issue.values.map(String).join(' or ')}`
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return `Set it to ${issue.options.join(' or ')}`
  }
  const below = namesBelow(path)
  if (issue.code === 'invalid_type' && issue.expected === 'object') return `It takes a map of ${below.join(', ')}`
  if (issue.code === 'invalid_type' && issue.expected === 'array') return 'It takes a list'
  return issue.message
}

function valueAt(raw: unknown, path: KeyPath): unknown {
  let value = raw
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, part)
  }
  return value
}
