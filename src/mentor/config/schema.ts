import { z } from 'zod'
import { isSecretName, nearest } from '../../kernel/index.ts'
import { globFault } from './glob.ts'

/** `errors/catch-binds-cause`, with a key or `@tests` behind it, or `errors/*` for all of the subject. */
const NORM_PATTERN = /^[a-z][a-z0-9-]{0,40}\/(\*|[a-z0-9][^\s\p{Cc}*]{0,120})$/u

/** `takes` ends the sentence "Set it to …"; every message of zod's is the fix. */
function key<S extends z.ZodType>(description: string, takes: string, make: (error: string) => S): S {
  return make(`Set it to ${takes}`).meta({ description })
}

/** An object whose unknown keys are answered with what was meant. */
function fields<S extends z.ZodRawShape>(description: string, shape: S) {
  const known = Object.keys(shape)
  const error: z.core.$ZodErrorMap = issue => {
    if (issue.code !== 'unrecognized_keys') return `It takes { } of ${known.join(', ')}`
    const meant = nearest(issue.keys[0] ?? '', known)
    return meant ? `Did you mean ${meant}?` : `Known here: ${known.join(', ')}`
  }
  return z.strictObject(shape, { error }).meta({ description })
}

const text = (description: string, takes: string, pattern = /^[^\p{Cc}]{1,200}$/u) =>
  key(description, takes, error => z.string(error).regex(pattern, error))
const number = (description: string, least: number, most: number) =>
  key(description, `a number from ${least} to ${most}`, error => z.number(error).min(least, error).max(most, error))
const whole = (description: string, least: number, most: number) =>
  key(description, `a whole number from ${least} to ${most}`, error => z.int(error).min(least, error).max(most, error))
const list = <S extends z.ZodType>(description: string, of: S, most: number) =>
  key(description, `a list of at most ${most}`, error => z.array(of, error).max(most, error))

const glob = z.string('Write a glob such as src/**').superRefine((value, context) => {
  const fault = globFault(value)
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `It ${fault}; write a glob such as src/**` })
})
const globs = (description: string) => list(description, glob.min(1), 100)
const norm = text('A norm.', 'the id of a norm, such as errors/catch-binds-cause, or errors/*', NORM_PATTERN)
const path = text('A path.', 'a path from the folder of this file', /^[^\p{Cc}]{1,1000}$/u)

const thresholds = {
  agreement: number('Share of the cases that have to agree; 0.95 by default.', 0.5, 1).exactOptional(),
  cases: whole('How many cases there have to be; 30 by default.', 1, 1_000_000).exactOptional(),
  repositories: whole('In how many repositories they have to be; 2 by default.', 1, 1000).exactOptional(),
}

const REFERENCE = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^\p{Cc}]{1,1000})$/u
const reference = text(
  'Where the secret is.',
  'where the key is, not the key: env:NAME or file:/absolute/path',
  REFERENCE,
)
const headers = key('Headers of each request; secret ones by reference.', '{ } of names and texts', error =>
  z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,100}$/, error),
      z.string(error).regex(/^[^\p{Cc}]{0,1000}$/u, error),
      error,
    )
    .superRefine((all, context) => {
      for (const [name, value] of Object.entries(all)) {
        if (!isSecretName(name) || REFERENCE.test(value)) continue
        const message = 'Set it to where the secret is, not the secret: env:NAME or file:/absolute/path'
        context.addIssue({ code: 'custom', path: [name], message })
      }
    }),
)
/** Code goes there, and a key. */
const url = (description: string) =>
  key(description, 'an https URL without a password, or an http one of this machine', error =>
    z.string(error).refine(value => isSafeUrl(value), error),
  )

function isSafeUrl(value: string): boolean {
  const parsed = URL.parse(value)
  if (!parsed || value.length > 2000 || parsed.username !== '' || parsed.password !== '') return false
  const here = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(parsed.hostname)
  return parsed.protocol === 'https:' || (parsed.protocol === 'http:' && here)
}

const endpoint = {
  url: url('Base URL: of the provider, or of a gateway before it.'),
  model: text('Name of the model, or of the deployment.', 'the name of a model'),
  key: reference.exactOptional(),
  headers: headers.exactOptional(),
  ca: path.describe('PEM file of further authorities.').exactOptional(),
  proxy: url('Proxy to go through.').exactOptional(),
}

export const sourceText = text(
  'A golden repository: owner/name, an https, ssh or file URL, or a path that begins with ./, ../ or /.',
  'owner/name, a URL, or a path that begins with ./, ../ or /',
  /^[^\p{Cc}\s]{1,1000}$/u,
)
export const sourceObject = fields('A golden repository with more to say.', {
  source: sourceText,
  name: text(
    'What citations call it.',
    'a name such as team/service',
    /^[\w.-]{1,100}(\/[\w.-]{1,100}){1,5}$/,
  ).exactOptional(),
  ref: text('Branch, tag or commit.', 'a branch, tag or commit', /^(?!-)[^\p{Cc}\s~^:?*[\\]{1,200}$/u).exactOptional(),
  include: globs('Only files that one of these matches.').exactOptional(),
  exclude: globs('No files that one of these matches.').exactOptional(),
  weight: number('How much it counts beside the others; 1 by default.', 0, 100).exactOptional(),
  topics: list('What it is golden for.', text('A topic.', 'a word'), 50).exactOptional(),
})

export const muteObject = fields('A norm that is disputed here.', {
  norm,
  path: glob.min(1).describe('Only in files that this glob matches.').exactOptional(),
  reason: text(
    'Why: it is shown to whoever looks after the norms.',
    'a reason of 3 to 500 letters',
    /^[^\p{Cc}]{3,500}$/u,
  ),
})

export const HANDLER_EVENTS = ['indexProgress', 'hintShown', 'hintMuted', 'hintResolved', 'documentReady'] as const
const event = key('An event.', HANDLER_EVENTS.join(', '), error => z.enum(HANDLER_EVENTS, error))
export const handlerObject = fields('A program that is told of events.', {
  on: list('Of which events.', event, 5),
  command: list('The program and its arguments; no shell.', text('A word.', 'a word', /^[^\p{Cc}]{1,1000}$/u), 20),
})

const documentObject = fields('How a document is made.', {
  template: path.describe('File with the Markdown around it.').exactOptional(),
  prompt: path.describe('File with what a model is told.').exactOptional(),
})

export const MOST_ENTRIES = { repositories: 200, mute: 1000, handlers: 20 }

/** The lists' entries are read one by one: a wrong one takes no other with it. */
export const shapes = {
  name: text('Name of the team’s set of golden repositories.', 'a name of at most 200 letters'),
  version: text('Its version.', 'a version such as 1.0.0'),
  host: url('Where owner/name lies; https://github.com by default.'),
  repositories: list('The golden repositories.', z.union([sourceText, sourceObject]), MOST_ENTRIES.repositories),
  norms: fields('When a majority is a norm.', {
    ...thresholds,
    off: list('Norms that are never mentioned.', norm, 500).exactOptional(),
    each: key('Thresholds of single norms.', '{ } of norms and their thresholds', error =>
      z.record(z.string().regex(NORM_PATTERN, error), fields('Its thresholds.', thresholds)),
    ).exactOptional(),
  }),
  mute: list('Norms that are disputed, each with a reason.', muteObject, MOST_ENTRIES.mute),
  model: fields('The model that chat and prose come from.', {
    kind: key('Whose way to talk it has.', 'openai, anthropic or azure', error =>
      z.enum(['openai', 'anthropic', 'azure'], error),
    ),
    ...endpoint,
    apiVersion: text('Azure’s api-version.', 'a version such as 2024-10-21').exactOptional(),
    maxTokens: whole('Longest answer, in tokens.', 16, 1_000_000).exactOptional(),
  }),
  embeddings: fields('An endpoint of embeddings, as OpenAI has them.', {
    ...endpoint,
    dimensions: whole('Length of its vectors.', 8, 8192).exactOptional(),
  }),
  privacy: fields('What never leaves this machine.', {
    never: globs('Files whose text is never sent, beside ignored files, .env files and keys.').exactOptional(),
  }),
  documents: fields('How documents are made.', {
    codeStyle: documentObject.exactOptional(),
    wiki: documentObject.exactOptional(),
  }),
  hints: fields('When and how hints come.', {
    pause: whole('Rest after the last key, in ms; 600 by default.', 100, 60_000).exactOptional(),
    limit: whole('Hints in a file at once; 3 by default.', 1, 10).exactOptional(),
    mode: key('How much is said.', 'learning, pairing or off', error =>
      z.enum(['learning', 'pairing', 'off'], error),
    ).exactOptional(),
    fading: key(
      'When a habit is mentioned no more; 5 times over 14 days by default.',
      'false, or { "kept": 5, "days": 14 }',
      error =>
        z.union(
          [z.literal(false), z.strictObject({ kept: z.int().min(1).max(1000), days: z.int().min(0).max(3650) })],
          error,
        ),
    ).exactOptional(),
  }),
  handlers: list('Programs of the team that are told of events.', handlerObject, MOST_ENTRIES.handlers),
}

export type Shapes = { [K in keyof typeof shapes]?: z.infer<(typeof shapes)[K]> }

export function mentorConfigSchema(): Record<string, unknown> {
  return z.toJSONSchema(
    fields('Golden repositories of a team, and how the mentor speaks of them.', {
      $schema: z.string().exactOptional(),
      ...z.object(shapes).partial().shape,
    }),
    { io: 'input' },
  )
}
