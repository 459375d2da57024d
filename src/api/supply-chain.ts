import { z } from 'zod'

const region = z.string().max(40).optional()
const repository = z.string().min(1).max(300)
/** `sha256:<hex>` or `sha512:<hex>`. */
const digest = z.string().min(1).max(200)

/** The worst first. */
export const severityShape = z.enum(['critical', 'high', 'medium', 'low', 'none', 'unknown'])
export type Severity = z.output<typeof severityShape>

/** How many findings of a report are how bad. */
const counts = z.record(severityShape, z.int())

const reportSummary = z.object({
  format: z.enum(['sarif', 'cyclonedx']),
  /** Which program wrote it; '' where it does not say. */
  tool: z.string(),
  toolVersion: z.string(),
  /** As the report has it; '' where it does not say. */
  createdAt: z.string(),
  counts,
  total: z.int(),
  /** What the report itself says does not apply; in no other number. */
  dismissed: z.int(),
})
export type ReportSummary = z.output<typeof reportSummary>

const finding = z.object({
  /** `CVE-2026-1234`, or the rule of the tool. */
  id: z.string(),
  severity: severityShape,
  /** CVSS, 0 to 10. */
  score: z.number().nullable(),
  /** '' where the report does not say; so in all that follows. */
  package: z.string(),
  version: z.string(),
  fixedVersion: z.string(),
  title: z.string(),
  location: z.string(),
  url: z.string(),
})
export type Finding = z.output<typeof finding>

/** Of a certificate; nobody here has checked that it is genuine. */
const signer = z.object({ subject: z.string(), issuer: z.string() })

const signatureShape = z.object({
  /** `verified`: by the keys named. `unverified`: by no key of a policy. `shown`: of a kind that is not verified here. */
  state: z.enum(['verified', 'unverified', 'shown']),
  /** `policy/key`. */
  keys: z.array(z.string()),
  /** Why it is not verified; '' where it is. */
  why: z.string(),
  /** Of a signature without a key: who it says signed. */
  signer: signer.nullable(),
})
export type ShownSignature = z.output<typeof signatureShape>

const referrerShape = z.object({
  digest: z.string(),
  mediaType: z.string(),
  artifactType: z.string(),
  size: z.int(),
  createdAt: z.int(),
  /** The tag by which cosign finds it (`sha256-….sig`); '' for what names its subject itself. */
  tag: z.string(),
  kind: z.enum(['signature', 'sbom', 'attestation', 'report', 'other']),
  /** `cosign`, `sigstore-bundle`, `notation`, `spdx`, `cyclonedx`, `syft`, `sarif`, `in-toto`; '' of what is not known. */
  format: z.string(),
  annotations: z.record(z.string(), z.string()),
  signatures: z.array(signatureShape),
  /** What attestations say of: `https://slsa.dev/provenance/v1`. */
  predicateTypes: z.array(z.string()),
  /** The first report in it. */
  report: reportSummary.nullable(),
  /** Why something of it could not be read; '' where all was. */
  problem: z.string(),
})
export type Referrer = z.output<typeof referrerShape>

const trustShape = z.object({
  policyId: z.string(),
  policy: z.string(),
  /** Whether pulls of what it does not find signed are refused. */
  refuse: z.boolean(),
  verified: z.boolean(),
  /** The key, its signature's digest, and what was signed: the manifest, or an index that lists it. '' where none. */
  key: z.string(),
  signature: z.string(),
  subject: z.string(),
})
export type TrustVerdict = z.output<typeof trustShape>

export const supplyChainQuery = z.object({
  repository,
  /** Or a tag. */
  digest,
  region,
  /** `next` of the page before. */
  last: z.string().max(200).default(''),
})

/** `digest`: what the tag meant. Nothing where there is no such manifest: what refers to it may come first. */
export const supplyChainShape = z.object({
  region: z.string(),
  repository: z.string(),
  digest: z.string(),
  /** A verdict a trust policy that is for the repository. */
  trust: z.array(trustShape),
  /** 50 a page; those with a tag are on the first. */
  referrers: z.array(referrerShape),
  next: z.string().optional(),
})
export type SupplyChain = z.output<typeof supplyChainShape>

/** `report`: the digest of its manifest. */
export const reportQuery = z.object({
  repository,
  report: digest,
  region,
  severity: severityShape.optional(),
  after: z.coerce.number<number | string>().int().min(0).default(0),
  limit: z.coerce.number<number | string>().int().min(1).max(500).default(100),
})

/** The worst first; `next` is the `after` of the page that follows. */
export const reportShape = z.object({
  region: z.string(),
  repository: z.string(),
  report: z.string(),
  /** The manifest that it is about; '' where it does not say. */
  subject: z.string(),
  summary: reportSummary,
  /** Of a report of more findings than are kept, those that are not told one by one. */
  untold: z.int(),
  findings: z.array(finding),
  next: z.int().optional(),
})
export type Report = z.output<typeof reportShape>
