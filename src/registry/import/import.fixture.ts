import type { TestContext } from 'node:test'
import { createHttpClient, type JobRun, silentLog, sql, systemClock } from '../../kernel/index.ts'
import type { TestEngine } from '../../kernel/store/engines.fixture.ts'
import type { Digest } from '../../oci/index.ts'
import { sampleContent } from '../../oci/testing/content.fixture.ts'
import { type FakeRegistry, fakeRegistry } from '../../oci/testing/fake-registry.fixture.ts'
import type { RegistryLimits } from '../limits.ts'
import { HOME, openTestRegistry, repo, TESTER } from '../registry.fixture.ts'
import { type Import, type ImportAsked, type ImportCredentials, importContext } from './import.ts'
import { importJobs } from './jobs.ts'
import { readImport } from './rows.ts'
import { imports } from './writes.ts'

export const TARGET = repo('mirror/app')

type Options = {
  source?: Parameters<typeof fakeRegistry>[0]
  limits?: Partial<RegistryLimits>
  /** As `outbound.allow` has it; else everything. */
  allow?: readonly string[]
}

/** A region's registry, a source, and imports from one to the other, a try at a time. */
export async function openImports(t: TestContext, engine: TestEngine, options: Options = {}) {
  const { limits = {}, allow } = options
  const held = await openTestRegistry(t, { engine, limits })
  const { registry, store } = held
  const source = await fakeRegistry(options.source)
  // Waits that nobody needs to see the end of are short.
  const real = held.clock
  const clock = { ...real, sleep: (ms: number, signal?: AbortSignal) => real.sleep(Math.min(ms, 20), signal) }
  const guard = allow === undefined ? { allowPrivate: true } : { allow }
  const http = createHttpClient({ clock: systemClock('test'), ...guard, retry: { attempts: 1 } })
  t.after(() => {
    http.close()
    return source.close()
  })
  const served = { yes: true }
  const secrets = new Map<string, string>()
  const parts = {
    ...{ registry, store, clock, http, log: silentLog(), isServed: () => served.yes },
    open: async (text: string, context: string) => secrets.get(`${context} ${text}`) ?? '',
  }
  let run: JobRun = () => Promise.reject(new Error('Nobody handles imports'))
  const handle = (_: string, handler: JobRun) => {
    run = handler
  }
  importJobs({ handle }, parts)
  let fence = 0

  return {
    ...{ ...held, source, served },
    async start(asked: Partial<ImportAsked> = {}, credentials?: ImportCredentials): Promise<Import> {
      const id = asked.id ?? 'imp_1'
      const one: ImportAsked = { ...sampleAsked(source.host), ...asked, id }
      const sealed = credentials ? `sealed ${id}` : ''
      if (credentials) secrets.set(`${importContext(one)} ${sealed}`, JSON.stringify(credentials))
      return store.write(imports.start, { region: HOME, asked: one, sealed })
    },
    /** One try: undefined where it was the last, else why another one follows. */
    async tryOnce(id = 'imp_1', signal = new AbortController().signal): Promise<unknown> {
      fence++
      const job = { id: 'job', kind: 'registry.import', key: id, attempt: 1, fence, signal }
      return run({ ...job, input: { registryId: TARGET.registryId, id } }).then(
        () => undefined,
        error => error,
      )
    },
    async look(id = 'imp_1'): Promise<Import> {
      const found = await readImport(store.read, { registryId: TARGET.registryId, id })
      if (!found) throw new Error(`There is no import ${id}`)
      return found
    },
    /** What the audit has, in order, as `action manifest`. */
    async audit(): Promise<string[]> {
      const rows = await store.read.all<{ action: string; detail: string; actor_id: string }>(
        sql`select action, detail, actor_id from audit_entry order by id`,
      )
      return rows.map(({ action, detail, actor_id: actor }) => {
        const { manifest, import: id } = JSON.parse(detail) as { manifest?: string; import?: string }
        return `${actor} ${action} ${manifest ?? id}`
      })
    },
    async uploads(): Promise<number> {
      const row = await store.read.one<{ n: number }>(sql`select count(*) as n from registry_import_upload`)
      return row?.n ?? 0
    },
  }
}

function sampleAsked(host: string): ImportAsked {
  return {
    ...{ registryId: TARGET.registryId, id: 'imp_1', repository: TARGET.repository, tags: ['v1'] },
    source: { host, repository: 'team/app', tag: '1.0', digest: '', allTags: false },
    ...{ force: false, referrers: true, plainHttp: false, mayMount: false, by: TESTER },
  }
}

/** An index of two platforms with a signature, in the source under `tag`. */
export function fillSource({ blobs, manifests }: FakeRegistry, seed: string, tag = '1.0', repository = 'team/app') {
  const content = sampleContent(seed)
  for (const [digest, bytes] of content.blobs) blobs.set(`${repository}/${digest}`, bytes)
  for (const { bytes, mediaType, digest } of [...content.manifests, content.signature]) {
    manifests.set(`${repository}@${digest}`, { bytes: Buffer.from(bytes), type: mediaType })
  }
  const { bytes, mediaType } = content.root
  manifests.set(`${repository}:${tag}`, { bytes: Buffer.from(bytes), type: mediaType })
  return content
}

/** How often the source was asked for a blob's bytes. */
export function blobReads({ lines }: FakeRegistry, digest?: Digest): number {
  return lines('GET').filter(line => line.includes(`/blobs/${digest ?? ''}`)).length
}
