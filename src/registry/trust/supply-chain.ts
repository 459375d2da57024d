import { type Clock, sql } from '../../kernel/index.ts'
import { type Descriptor, isDigest, type Manifest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { ManifestUnknown } from '../failures.ts'
import { refuseUnreadable } from '../locks/readable.ts'
import { findStored, parseStored, shownAnnotations } from '../read/stored.ts'
import { ReportUnreadable } from './failures.ts'
import { type Known, kindOf } from './kinds.ts'
import type { Reach } from './read-blob.ts'
import { listReferring, type Referring } from './referring.ts'
import type { Report, ReportSummary } from './reports/report.ts'
import { type Budget, Reports } from './reports/reports.ts'
import { APPROVES, type Signer } from './signature.ts'
import type { Trust, TrustPolicy, Verdict } from './trust.ts'

export type ShownSignature = {
  readonly state: 'verified' | 'unverified' | 'shown'
  /** `policy/key`. */
  readonly keys: readonly string[]
  readonly why: string
  readonly signer: Signer | null
}

export type ShownReferrer = Referring &
  Known & {
    readonly annotations: Readonly<Record<string, string>>
    readonly signatures: readonly ShownSignature[]
    readonly predicateTypes: readonly string[]
    readonly report: ReportSummary | null
    readonly problem: string
  }

export type SupplyChain = {
  readonly digest: string
  readonly verdicts: readonly Verdict[]
  readonly referrers: readonly ShownReferrer[]
  readonly next?: string
}

const BUDGET_BYTES = 16 * 1024 * 1024
const LONGEST_TYPE = 1000
const NOT_HERE = 'notation signatures are shown and not verified here'

/** What others say of a manifest: who signed it, what it is made of, what is wrong with it. */
export class SupplyChains {
  readonly #reach: Reach
  readonly #trust: Trust
  readonly #reports: Reports

  constructor({ trust, ...parts }: Reach & { clock: Clock; trust: Trust }) {
    this.#reach = parts
    this.#trust = trust
    this.#reports = new Reports(parts)
  }

  /** Of a digest, or of what a tag means. Throws `Locked`, as a pull would, or `ManifestUnknown` where there is no such tag. */
  async of(repo: RepoRef, reference: string, last: string): Promise<SupplyChain> {
    const digest = isDigest(reference) ? reference : await this.#tagged(repo, reference)
    await refuseUnreadable(this.#reach.read, repo, { reference, digest })
    const policies = this.#trust.policies(repo)
    const verdicts = await this.#trust.verdicts(repo, digest, policies)
    const { items, next } = await listReferring(this.#reach.read, repo, digest, last)
    const budget = { bytes: BUDGET_BYTES }
    const referrers: ShownReferrer[] = []
    // One after the other: a page of manifests of 4 MiB must not come into memory at once.
    for (const item of items) referrers.push(await this.#show(repo, digest, item, { policies, budget }))
    return { digest, verdicts, referrers, ...(next === undefined ? {} : { next }) }
  }

  /** Throws `ManifestUnknown`, `Locked`, or `ReportUnreadable` with the reason. */
  async report(repo: RepoRef, digest: string): Promise<Report & { readonly subject: string }> {
    await refuseUnreadable(this.#reach.read, repo, { reference: digest, digest })
    const manifest = await this.#manifest(repo, digest)
    if (!manifest) throw ManifestUnknown(repo.repository, digest)
    const layer = reportLayer(manifest)
    if (!layer) throw ReportUnreadable(digest, 'it has neither SARIF nor CycloneDX in it')
    const { report, why } = await this.#reports.read(repo, layer)
    if (!report) throw ReportUnreadable(digest, why || 'it tells of no vulnerabilities')
    return { ...report, subject: manifest.subject?.digest ?? '' }
  }

  async #show(
    repo: RepoRef,
    subject: string,
    item: Referring,
    { policies, budget }: { policies: readonly TrustPolicy[]; budget: Budget },
  ): Promise<ShownReferrer> {
    const manifest = await this.#manifest(repo, item.digest)
    const shown = { ...item, annotations: shownAnnotations(manifest?.annotations ?? {}) }
    const empty = { signatures: [], predicateTypes: [], report: null, problem: '' }
    if (!manifest) return { ...shown, kind: 'other', format: '', ...empty, problem: 'it is gone' }
    const known = kindOf(manifest)
    if (known.format === 'notation') {
      const signatures = [{ state: 'shown', keys: [], why: NOT_HERE, signer: null }] as const
      return { ...shown, ...known, ...empty, signatures }
    }
    if (known.kind === 'signature' || known.kind === 'attestation') {
      return { ...shown, ...(await this.#signed(repo, subject, { item, manifest, known, policies })) }
    }
    const layer = reportLayer(manifest)
    const { report, why } = layer ? await this.#reports.read(repo, layer, budget) : { report: undefined, why: '' }
    const kind = report ? 'report' : known.kind
    return { ...shown, ...known, kind, ...empty, report: report?.summary ?? null, problem: why }
  }

  async #signed(
    repo: RepoRef,
    subject: string,
    of: { item: Referring; manifest: Manifest; known: Known; policies: readonly TrustPolicy[] },
  ) {
    const signatures: ShownSignature[] = []
    const types = new Set(of.manifest.layers.flatMap(saidType))
    for (const held of await this.#trust.signatures.of(repo, of.item.digest)) {
      const { predicateType, subjects, signer, why } = held.signature
      if (predicateType !== '') types.add(predicateType)
      const keys: string[] = []
      for (const policy of of.policies) {
        for (const key of policy.keys) {
          if (await this.#trust.signatures.verifies(held, key, repo, subject)) keys.push(`${policy.name}/${key.name}`)
        }
      }
      const state = keys.length > 0 ? 'verified' : 'unverified'
      const reason = why || (subjects.includes(subject) ? noKey(of.policies, signer) : 'it is of another digest')
      signatures.push({ state, keys, why: keys.length > 0 ? '' : reason, signer: signer ?? null })
    }
    const predicateTypes = [...types].filter(type => type !== APPROVES)
    const isSignature = of.known.kind === 'signature' || types.has(APPROVES)
    const kind: Known['kind'] = isSignature ? 'signature' : 'attestation'
    return { ...of.known, kind, signatures, predicateTypes, report: null, problem: '' }
  }

  async #tagged({ registryId, repository }: RepoRef, tag: string): Promise<string> {
    const row = await this.#reach.read.one<{ digest: string }>(sql`select digest from tag
      where registry_id = ${registryId} and repository = ${repository} and name = ${tag}`)
    if (!row) throw ManifestUnknown(repository, tag)
    return row.digest
  }

  async #manifest(repo: RepoRef, digest: string): Promise<Manifest | undefined> {
    const stored = await findStored(this.#reach.read, repo, digest)
    return stored && parseStored(stored)
  }
}

function noKey(policies: readonly TrustPolicy[], signer: Signer | undefined): string {
  if (signer) return 'it was made without a key of a policy; its certificate is shown and not verified here'
  return policies.length === 0 ? 'no trust policy is for this repository' : 'no key of a trust policy made it'
}

/** What the layer's annotation says that its statement is about. */
function saidType({ annotations = {} }: Descriptor): string[] {
  const said = annotations['in-toto.io/predicate-type'] ?? annotations.predicateType
  return said === undefined ? [] : [said.slice(0, LONGEST_TYPE)]
}

function reportLayer({ artifactType = '', layers }: Manifest): Descriptor | undefined {
  const isReport = (type: string) => /sarif|cyclonedx/i.test(type)
  return layers.find(layer => isReport(layer.mediaType)) ?? (isReport(artifactType) ? layers[0] : undefined)
}
