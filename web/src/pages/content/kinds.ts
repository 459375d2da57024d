import type { Manifest, ManifestTree, Tag } from '../../../../src/api/index.ts'
import { bytes } from '../../ui/bytes.ts'

/** What a manifest is to a person. */
export type Kind = 'image' | 'index' | 'chart' | 'artifact'

type Facts = { mediaType: string; configMediaType?: string | undefined }

const HELM_CONFIG = 'application/vnd.cncf.helm.config.v1+json'
const IMAGE_CONFIGS = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']

/** As far as a list knows it. Until its config was read, an image and an artifact look the same. */
export function kindOf({ mediaType, configMediaType }: Facts): Kind {
  if (/\bindex\b|manifest\.list/.test(mediaType)) return 'index'
  if (configMediaType === HELM_CONFIG) return 'chart'
  if (configMediaType === undefined || IMAGE_CONFIGS.includes(configMediaType)) return 'image'
  return 'artifact'
}

export const KIND_WORDS: Record<Kind, string> = {
  ...{ image: 'Image', index: 'Index', chart: 'Helm chart', artifact: 'Artifact' },
}

/** `linux/amd64` where a list knows it, else its kind. */
export function whatOf(row: Manifest | Tag): string {
  return row.os ? `${row.os}/${row.architecture ?? ''}` : KIND_WORDS[kindOf(row)]
}

/** Of an index the sizes of its lists are no size that a pull has. */
export function sizeOf(row: Manifest | Tag): string {
  return row.imageSize === undefined || kindOf(row) === 'index' ? '–' : bytes(row.imageSize)
}

/** Types that refer to others, by what people call them. The first that fits. */
const REFERRERS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/sigstore|cosign|signature|notary/i, 'Signatures'],
  [/spdx|cyclonedx|sbom|syft/i, 'Software bills of materials'],
  [/vuln|sarif|trivy|scan/i, 'Vulnerability reports'],
  [/in-toto|provenance|slsa|attestation|intoto/i, 'Attestations'],
]

export function referrerGroup(artifactType: string): string {
  return REFERRERS.find(([pattern]) => pattern.test(artifactType))?.[1] ?? 'Others'
}

/** Without what all media types of containers begin with. */
export function shortType(mediaType: string): string {
  return mediaType
    .replace(/^application\/vnd\./, '')
    .replace(/^(oci|docker)\.(image|container\.image|distribution|image\.rootfs)\./, '')
    .replace(/\.v\d+(?=[.+]|$)/, '')
}

/** BuildKit lists what it attests of an image as a manifest of no platform. */
export function isAttestation({ annotations }: ManifestTree['entries'][number]): boolean {
  return annotations['vnd.docker.reference.type'] === 'attestation-manifest'
}
