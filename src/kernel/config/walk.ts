import { z } from 'zod'
import { configSchema, keyFacts } from './schema.ts'

export type KeyPath = readonly (string | number)[]
type Schema = z.core.$ZodType

/** What is inside defaults, optionals and pipes; a union gives each of its options. */
function inside(schema: Schema): Schema[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return inside(schema.def.innerType)
  }
  if (schema instanceof z.ZodPipe) return inside(schema.def.in)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(inside)
  return [schema]
}

/** The schema and what it wraps, outermost first: facts may sit on any of them. */
function layers(schema: Schema): Schema[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return [schema, ...layers(schema.def.innerType)]
  }
  return [schema]
}

type Child = { name: string | undefined; schema: Schema }

function children(schema: Schema): Child[] {
  return inside(schema).flatMap((option): Child[] => {
    if (option instanceof z.ZodObject) {
      return Object.entries<Schema>(option.shape).map(([name, child]) => ({ name, schema: child }))
    }
    if (option instanceof z.ZodArray) return [{ name: undefined, schema: option.element }]
    return []
  })
}

function schemasAt(path: KeyPath): Schema[] {
  let found: Schema[] = [configSchema]
  for (const part of path) {
    const name = typeof part === 'number' ? undefined : part
    found = found.flatMap(schema =>
      children(schema)
        .filter(child => child.name === name)
        .map(child => child.schema),
    )
  }
  return found
}

export function factsAt(path: KeyPath) {
  for (const schema of schemasAt(path).flatMap(layers)) {
    const facts = keyFacts.get(schema)
    if (facts) return facts
  }
  return undefined
}

/** Names that may stand below a path; nothing for an array. */
export function namesBelow(path: KeyPath): string[] {
  const names = schemasAt(path)
    .flatMap(children)
    .flatMap(child => child.name ?? [])
  return [...new Set(names)]
}

/** Kind of plain value a leaf takes first of all: decides how the text of a variable is read. */
export function kindAt(path: KeyPath): 'number' | 'boolean' | 'text' {
  const schemas = schemasAt(path).flatMap(inside)
  if (schemas.some(schema => schema instanceof z.ZodString || schema instanceof z.ZodEnum)) return 'text'
  if (schemas.some(schema => schema instanceof z.ZodNumber)) return 'number'
  if (schemas.some(schema => schema instanceof z.ZodBoolean)) return 'boolean'
  return 'text'
}

/** Every leaf, an array's element as `0`: what can be set by environment. */
export function leafPaths(schema: Schema = configSchema, path: KeyPath = []): KeyPath[] {
  const below = children(schema)
  if (below.length === 0) return [path]
  const paths = below.flatMap(child => leafPaths(child.schema, [...path, child.name ?? 0]))
  return [...new Map(paths.map(found => [found.join('.'), found])).values()]
}

/** `regions[0].blobs.store`: as people write it. */
export function keyText(path: KeyPath): string {
  return path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('')
}
