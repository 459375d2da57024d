import { isDeepStrictEqual } from 'node:util'
import { type IdentityRows, identityRows, type PublishedKey } from '../identity/index.ts'
import { type Clock, failure, type Log, type Metrics, type Ms, type Store } from '../kernel/index.ts'
import { registryByHost, type ServedRegistry } from '../registry/index.ts'
import { callSocket } from './call-socket.ts'
import { readConfigCopy, saveConfigCopy } from './config-copy.ts'
import { type ConfigDocument, type ConfigText, parseConfigText, withEtag } from './config-document.ts'

export type ConfigFollower = {
  /** Stays the same object while nothing that callers are checked against changes: the authorizer compares by reference. */
  rows(): IdentityRows
  signingKeys(): readonly PublishedKey[]
  anonymousPull: (registryId: string) => boolean
  byHost(host: string): ServedRegistry
  /** Undefined where it is not (yet) served here. */
  registry(id: string): ServedRegistry | undefined
  webhooks(): ConfigDocument['webhooks']
  policies(): ConfigDocument['policies']
  /** Wrapped, as control's database has it. */
  dataKey(id: string): ConfigDocument['dataKeys'][number] | undefined
  etag(): string
  /** Since when control was last heard, ms; undefined where it never was in this process's life. */
  silentFor(): Ms | undefined
  /** Follows until the signal. */
  run(signal: AbortSignal): Promise<void>
}

export const ConfigMissing = failure('CONFIG_NOT_HEARD', 503, () => ({
  says: 'This region has not heard its configuration from control yet',
  next: 'Start control once: a region keeps a copy and starts from it afterwards',
}))

const NoRegistry = failure('NAME_UNKNOWN', 404, (host: string) => ({
  says: `No registry serves the host ${host}`,
  next: 'Give it to one: towpath registry update <name> --add-host <host>',
}))

const WAIT_S = 20
const ANSWER_MS = 5_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

type Parts = {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  /** Control's unix socket. */
  socket: string
  /** What this region shows to control; of a file that is sealed, so it may be away. */
  key: () => Promise<string>
}

/**
 * What control says, as of now: in memory for every request, and as a row of the region's own database. The first
 * answer of control is waited for only where there is no copy.
 */
export async function followConfig(parts: Parts, signal: AbortSignal): Promise<ConfigFollower> {
  const { store, clock, log, metrics, socket, key } = parts
  let heard: Ms | undefined
  const copy = await readConfigCopy(store.read)
  const first = copy ? withEtag(copy.text) : await untilHeard()
  let state = view(first, parseConfigText(first.text))

  const age = metrics.gauge(
    'towpath_config_silence_seconds',
    'Since control was last heard; NaN before the first time.',
  )
  metrics.collect(() => age.with({}).set(heard === undefined ? Number.NaN : (clock.monotonic() - heard) / 1000))

  async function ask(etag: string | undefined): Promise<ConfigText | undefined> {
    // The first one at once: whoever looks at this node then sees that control is heard.
    const wait = heard === undefined ? 0 : WAIT_S
    const headers = {
      host: 'control',
      authorization: `Bearer ${await key()}`,
      ...(etag ? { 'if-none-match': etag } : {}),
    }
    const path = `/internal/v1/config?wait=${wait}`
    const answer = await callSocket(socket, { path, headers, timeout: wait * 1000 + ANSWER_MS, signal })
    if (answer.status !== 200 && answer.status !== 304) throw new Error(`Control answered ${answer.status}`)
    heard = clock.monotonic()
    return answer.status === 304 ? undefined : withEtag(answer.body)
  }

  async function untilHeard(): Promise<ConfigText> {
    for (let pause = FIRST_PAUSE_MS; ; pause = longer(pause)) {
      const found = await ask(undefined).catch(() => undefined)
      if (found) {
        parseConfigText(found.text)
        await store.write(saveConfigCopy, found)
        return found
      }
      if (signal.aborted) throw ConfigMissing()
      await clock.sleep(pause * (0.5 + clock.random()), signal).catch(() => {})
    }
  }

  async function follow(): Promise<void> {
    const next = await ask(state.etag)
    if (!next || next.etag === state.etag) return
    // Memory first: a revocation must not wait for this region's disk.
    state = view(next, parseConfigText(next.text), state)
    log.info({ etag: next.etag }, 'The configuration has changed')
    await store.write(saveConfigCopy, next)
  }

  return {
    rows: () => state.rows,
    signingKeys: () => state.document.signingKeys,
    anonymousPull: id => state.anonymous.has(id),
    byHost: host => {
      const found = state.find(host)
      if (!found) throw NoRegistry(host)
      return found
    },
    registry: id => state.document.registries.find(one => one.id === id),
    webhooks: () => state.document.webhooks,
    policies: () => state.document.policies,
    dataKey: id => state.document.dataKeys.find(one => one.id === id),
    etag: () => state.etag,
    silentFor: () => (heard === undefined ? undefined : clock.monotonic() - heard),
    async run(until) {
      let pause = FIRST_PAUSE_MS
      let silent = false
      while (!until.aborted) {
        try {
          await follow()
          if (silent) log.info('Control is heard again')
          silent = false
          pause = FIRST_PAUSE_MS
        } catch (error) {
          if (until.aborted) return
          if (!silent)
            log.warn(
              { why: error instanceof Error ? error.message : String(error) },
              'Control is not heard; this region goes on with what it knows',
            )
          silent = true
          await clock.sleep(pause * (0.5 + clock.random()), until).catch(() => {})
          pause = longer(pause)
        }
      }
    },
  }
}

type View = {
  etag: string
  document: ConfigDocument
  rows: IdentityRows
  anonymous: ReadonlySet<string>
  find: (host: string) => ServedRegistry | undefined
}

function view({ etag }: ConfigText, document: ConfigDocument, before?: View): View {
  const find = registryByHost(document.registries)
  const { credentials, tokens, access, ended } = document
  const same = before !== undefined && isDeepStrictEqual(checkedAgainst(before.document), checkedAgainst(document))
  return {
    etag,
    document,
    rows: same ? before.rows : identityRows({ credentials, tokens, access, ended, registry: find }),
    anonymous: new Set(document.registries.filter(one => one.anonymousPull).map(one => one.id)),
    find,
  }
}

function checkedAgainst({ registries, webhooks: _w, policies: _p, dataKeys: _k, ...rest }: ConfigDocument) {
  return { ...rest, registries: registries.map(({ anonymousPull: _, throttle: _t, ...one }) => one) }
}

function longer(pause: Ms): Ms {
  return Math.min(LONGEST_PAUSE_MS, pause * 2)
}
