import { z } from 'zod'
import { createEvaluator, isObject, type Json } from './evaluate.ts'
import { TemplateMalformed, TemplateTooLarge } from './failures.ts'

/** By name, as `--parameter name=value` or a parameter file gives them. */
export type Given = Readonly<Record<string, Json>>

const MOST_RESOURCES = 20

const json: z.ZodType<Json> = z.json()

const parameter = z.object({
  type: z.string(),
  defaultValue: json.optional(),
  allowedValues: z.array(json).optional(),
})

const template = z.strictObject({
  $schema: z
    .string()
    .regex(
      /^https?:\/\/schema\.management\.azure\.com\/schemas\/[\d-]+\/(subscriptionD|d)eploymentTemplate\.json#?$/,
      'this is not the schema of a subscription or group template',
    ),
  contentVersion: z.string(),
  metadata: z.unknown().optional(),
  functions: z.array(z.unknown()).max(0, 'functions of its own are not known here').optional(),
  parameters: z.record(z.string(), parameter).default({}),
  variables: z.record(z.string(), json).default({}),
  resources: z.array(z.record(z.string(), json)).max(MOST_RESOURCES),
  outputs: z.record(z.string(), z.object({ type: z.string(), value: json })).default({}),
})

type Evaluated = {
  readonly resources: readonly { readonly [key: string]: Json }[]
  /** What the template says of itself when it has been deployed. */
  readonly outputs: { readonly [name: string]: Json }
}

/** An ARM template's resources and outputs with every expression worked out. */
export function evaluateTemplate(document: Json, given: Given): Evaluated {
  const read = template.safeParse(document)
  if (!read.success) throw malformed(read.error)
  const { parameters, variables, resources, outputs } = read.data
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameters, name)) throw TemplateMalformed('its parameters', `it has none named "${name}"`)
  }
  const evaluator = createEvaluator({
    parameters: new Map(Object.entries(parameters).map(([name, one]) => [name, declared(name, one, given)])),
    variables: new Map(Object.entries(variables)),
  })
  return {
    resources: resources.map((one, i) => {
      const found = evaluator.resolve(one, `resources[${i}]`)
      if (!isObject(found)) throw TemplateMalformed(`resources[${i}]`, 'a resource is an object')
      return found
    }),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, one]) => [name, evaluator.resolve(one.value, `outputs.${name}`)]),
    ),
  }
}

/** Where and why, of the first thing that is not as it should be. */
export function malformed(error: z.ZodError, under = 'the template') {
  const [issue] = error.issues
  if (issue === undefined) return TemplateMalformed(under, 'it is not as it should be')
  return TemplateMalformed(issue.path.map(String).join('.') || under, issue.message)
}

/** JSON text to a value; deeper than anything real is refused before anything walks it. */
export function parseDeep(text: string): Json {
  let depth = 0
  let inText = false
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]
    if (inText) {
      if (sign === '\\') i++
      else if (sign === '"') inText = false
    } else if (sign === '"') inText = true
    else if (sign === '{' || sign === '[') {
      if (++depth > 64) throw TemplateTooLarge('nested deeper than 64')
    } else if (sign === '}' || sign === ']') depth--
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw TemplateMalformed('its text', error instanceof Error ? error.message : 'it is no JSON').from(error)
  }
}

type Declared = { readonly given?: Json; readonly fallback?: Json }

function declared(
  name: string,
  { type, defaultValue, allowedValues }: z.output<typeof parameter>,
  all: Given,
): Declared {
  const given = Object.hasOwn(all, name) ? all[name] : undefined
  if (given === undefined) return defaultValue === undefined ? {} : { fallback: defaultValue }
  if (!fits(type, given)) throw TemplateMalformed(`parameters.${name}`, `what was given is no ${type}`)
  if (allowedValues && !allowedValues.some(one => JSON.stringify(one) === JSON.stringify(given))) {
    throw TemplateMalformed(`parameters.${name}`, 'what was given is not among its allowedValues')
  }
  return { given }
}

function fits(type: string, value: Json): boolean {
  switch (type.toLowerCase()) {
    case 'string':
    case 'securestring':
      return typeof value === 'string'
    case 'int':
      return Number.isSafeInteger(value)
    case 'bool':
      return typeof value === 'boolean'
    case 'array':
      return Array.isArray(value)
    case 'object':
    case 'secureobject':
      return isObject(value)
    default:
      return false
  }
}
