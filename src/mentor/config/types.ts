/** A golden repository, in whatever spelling it was listed. */
export type GoldenSource = {
  /** `owner/name` on github.com, `host/path` elsewhere, `local/folder` for a path; what citations show. */
  name: string
  /** What git is given: an https, ssh or file URL, or an absolute path. Never with a password in it. */
  source: string
  /** Branch, tag or commit; else the remote's own default. */
  ref?: string
  /** Globs over paths in the repository; none takes all. */
  include: readonly string[]
  exclude: readonly string[]
  /** 1 by default; a repository of weight 2 counts twice in ranking. */
  weight: number
  topics: readonly string[]
}

/** When a majority among the golden repositories is a norm. */
export type Thresholds = { agreement: number; cases: number; repositories: number }

export type NormSettings = Thresholds & {
  /** Ids, or `subject/*`. */
  off: readonly string[]
  /** By id or `subject/*`; what is not said there is as above. */
  each: Readonly<Record<string, Partial<Thresholds>>>
}

/** A norm that somebody disputes: no hint, and the reason travels to the senior. */
export type Mute = {
  norm: string
  /** A glob, from `folder`; none mutes it everywhere below. */
  path?: string
  reason: string
  /** The folder of the file that says so. */
  folder: string
}

/** What stands between us and a server; `key` and secret headers are references: `env:NAME` or `file:/path`. */
export type Endpoint = {
  url: string
  model: string
  key?: string
  headers: Readonly<Record<string, string>>
  /** Path of a PEM file of further authorities. */
  ca?: string
  proxy?: string
}

export type ModelSettings = Endpoint & {
  kind: 'openai' | 'anthropic' | 'azure'
  /** Azure's `api-version`. */
  apiVersion?: string
  maxTokens?: number
}

export type EmbeddingSettings = Endpoint & { dimensions?: number }

/** The texts themselves, read from files beside the config file. */
export type DocumentSettings = { template?: string; prompt?: string }

export type HintMode = 'learning' | 'pairing' | 'off'

export type HintSettings = {
  /** Rest after the last key, in ms. */
  pause: number
  /** At most so many in a file. */
  limit: number
  mode: HintMode
  /** A habit kept `kept` times over `days` days is mentioned no more; undefined: it always is. */
  fading: { kept: number; days: number } | undefined
}

export type HandlerEvent = 'indexProgress' | 'hintShown' | 'hintMuted' | 'hintResolved' | 'documentReady'

/** A program of the team that is told of events: one line of JSON on its standard input. */
export type Handler = {
  on: readonly HandlerEvent[]
  command: readonly string[]
  /** Where it runs: the folder of the file that names it. */
  folder: string
}

/**
 * All `archangel.json` from the folder up to the root, as one. Holds what was right in them; what was not is a
 * `ConfigProblem`. `model`, `embeddings` and `handlers` are here only where the user allowed them on this
 * machine (`towpath mentor allow`): they send keys and run programs, and whoever clones a repository chose neither.
 */
export type MentorConfig = {
  name: string | undefined
  version: string | undefined
  golden: readonly GoldenSource[]
  norms: NormSettings
  mute: readonly Mute[]
  model: ModelSettings | undefined
  embeddings: EmbeddingSettings | undefined
  /** Globs of files that never leave, each from its folder. */
  privacy: { never: readonly { folder: string; glob: string }[] }
  documents: { codeStyle: DocumentSettings; wiki: DocumentSettings }
  hints: HintSettings
  handlers: readonly Handler[]
}

/** As editors count: lines and UTF-16 units from 0. */
export type Position = { line: number; character: number }

export type ConfigProblem = {
  /** Absolute path. */
  file: string
  severity: 'error' | 'warning'
  /** Ends with no full stop; never repeats a secret. */
  says: string
  fix: string
  /** Nothing is wrong: it waits for `towpath mentor allow`. */
  waits?: true
  start: Position
  end: Position
}

export type LoadedConfig = {
  config: MentorConfig
  problems: readonly ConfigProblem[]
  /** What was read, nearest first. */
  files: readonly string[]
  /** What stands in a file and waits for `towpath mentor allow`. */
  withheld: readonly { file: string; what: 'model' | 'embeddings' | 'handlers' }[]
}
