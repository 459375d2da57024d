import { type Expression, parseExpression, readText } from './expression.ts'
import { FunctionUnknown, ParameterMissing, TemplateMalformed, TemplateTooLarge } from './failures.ts'
import { guid } from './guid.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type Names = {
  /** Given values come first; what is left has a default or none. */
  readonly parameters: ReadonlyMap<string, { readonly given?: Json; readonly fallback?: Json }>
  readonly variables: ReadonlyMap<string, Json>
}

/** Characters and nodes that all values together may come to, references written out: a bound on `concat` of `concat`. */
const BUDGET = 1_000_000
const DEEPEST = 64

type Held = { value: Json; weight: number }

/**
 * Resolves what a template says. Total: every call ends, in at most `BUDGET` steps, with a value or a
 * failure that names the place. Variables and parameters are resolved once, when first asked for.
 */
export function createEvaluator(names: Names): { resolve(value: Json, where: string): Json } {
  const held = new Map<string, Held | 'resolving'>()
  let spent = 0

  function spend(weight: number): void {
    spent += weight
    if (spent > BUDGET) throw TemplateTooLarge(`its values come to more than ${BUDGET} characters`)
  }

  function resolve(value: Json, where: string, depth: number): Json {
    if (depth > DEEPEST) throw TemplateTooLarge(`nested deeper than ${DEEPEST} at ${where}`)
    spend(1)
    if (typeof value === 'string') {
      const read = readText(value)
      if ('expression' in read) return run(parseExpression(read.expression), where, depth)
      spend(read.plain.length)
      return read.plain
    }
    if (isList(value)) return value.map((one, i) => resolve(one, `${where}[${i}]`, depth + 1))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        spend(key.length)
        return [key, resolve(one, `${where}.${key}`, depth + 1)]
      }),
    )
  }

  function run(expression: Expression, where: string, depth: number): Json {
    if (expression.kind === 'literal') {
      spend(String(expression.value).length + 1)
      return expression.value
    }
    if (expression.kind === 'member') return member(expression, where, depth)
    // Names of functions are read without regard to case, as Resource Manager reads them.
    const called = functions.get(expression.name.toLowerCase())
    if (!called) throw FunctionUnknown(expression.name, KNOWN)
    return called(
      expression.args.map(one => run(one, where, depth)),
      where,
      depth,
    )
  }

  function member({ of, key }: Extract<Expression, { kind: 'member' }>, where: string, depth: number): Json {
    const from = run(of, where, depth)
    const name = run(key, where, depth)
    if (isList(from) && typeof name === 'number') {
      const found = from[name]
      if (found !== undefined) return found
    }
    if (isObject(from) && typeof name === 'string') {
      // Keys of objects are read without regard to case, too; the exact one first.
      const exact = Object.hasOwn(from, name) ? name : Object.keys(from).find(one => sameName(one, name))
      const found = exact === undefined ? undefined : from[exact]
      if (found !== undefined) return found
    }
    throw TemplateMalformed(where, `there is no member "${String(name).slice(0, 60)}"`)
  }

  function once(key: string, make: () => Json): Json {
    const known = held.get(key)
    if (known === 'resolving') throw TemplateMalformed(key, 'it refers to itself')
    if (known) {
      spend(known.weight)
      return known.value
    }
    held.set(key, 'resolving')
    const before = spent
    const value = make()
    held.set(key, { value, weight: spent - before })
    return value
  }

  const functions = new Map<string, (args: readonly Json[], where: string, depth: number) => Json>([
    [
      'parameters',
      (args, where, depth) => {
        const [name, declared] = lookUp(names.parameters, 'parameters', args, where)
        if (declared.given !== undefined) {
          const { given } = declared
          // Given values are data: no expression in them runs.
          return once(`parameters.${name}`, () => {
            spend(JSON.stringify(given).length)
            return given
          })
        }
        const { fallback } = declared
        if (fallback === undefined) throw ParameterMissing(name)
        return once(`parameters.${name}`, () => resolve(fallback, `parameters.${name}.defaultValue`, depth + 1))
      },
    ],
    [
      'variables',
      (args, where, depth) => {
        const [name, value] = lookUp(names.variables, 'variables', args, where)
        return once(`variables.${name}`, () => resolve(value, `variables.${name}`, depth + 1))
      },
    ],
    [
      'concat',
      (args, where) => {
        if (args.length === 0) throw TemplateMalformed(where, 'concat() needs at least one value')
        if (args.every(isList)) return args.flat()
        spend(args.length)
        return args.map(one => toText(one, 'concat', where)).join('')
      },
    ],
    [
      'guid',
      (args, where) => {
        if (args.length === 0) throw TemplateMalformed(where, 'guid() needs at least one value')
        return guid(args.map(one => toText(one, 'guid', where)))
      },
    ],
    [
      'resourceid',
      (args, where) =>
        resourceId(
          args.map(one => toText(one, 'resourceId', where)),
          where,
        ),
    ],
  ])

  return { resolve: (value, where) => resolve(value, where, 0) }
}

const KNOWN = 'concat, guid, parameters, resourceId and variables'

/**
 * `resourceId('Microsoft.X/a/b', 'n', 'm')` → `/providers/Microsoft.X/a/n/b/m`. Where Azure would put
 * a subscription in front there is nothing here: the tenant that accepts is not in the template.
 * A slash at the end of the type, as the article's template has it, means nothing.
 */
function resourceId(args: readonly string[], where: string): string {
  const type = args.findIndex(one => one.includes('/'))
  if (type === -1) throw TemplateMalformed(where, 'resourceId() needs a type such as Microsoft.ManagedServices/…')
  const [provider = '', ...kinds] = (args[type] ?? '').split('/').filter(part => part !== '')
  const values = args.slice(type + 1)
  if (kinds.length === 0 || kinds.length !== values.length) {
    throw TemplateMalformed(where, `resourceId() needs one name for each part of its type, here ${kinds.length}`)
  }
  return `/providers/${provider}/${kinds.map((kind, i) => `${kind}/${values[i]}`).join('/')}`
}

function lookUp<T>(
  all: ReadonlyMap<string, T>,
  kind: string,
  args: readonly Json[],
  where: string,
): readonly [string, T] {
  const [name] = args
  if (args.length !== 1 || typeof name !== 'string') throw TemplateMalformed(where, `${kind}() needs one name`)
  for (const [key, value] of all) if (sameName(key, name)) return [key, value]
  throw TemplateMalformed(where, `the template has nothing named "${name.slice(0, 60)}" under ${kind}`)
}

function toText(value: Json, name: string, where: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  throw TemplateMalformed(where, `${name}() joins text and numbers${name === 'concat' ? ', or lists alone' : ''}`)
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
