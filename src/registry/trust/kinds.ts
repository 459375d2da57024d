import type { Manifest } from '../../oci/index.ts'
import { COSIGN_SIGNATURE, isBundle, layerTypes, NOTATION } from './media-types.ts'

export type Kind = 'signature' | 'sbom' | 'attestation' | 'report' | 'other'
export type Known = { readonly kind: Kind; readonly format: string }

const KINDS: readonly { readonly is: (type: string) => boolean; readonly known: Known }[] = [
  { is: type => type === NOTATION, known: { kind: 'signature', format: 'notation' } },
  {
    is: type => type === layerTypes.simpleSigning || type === COSIGN_SIGNATURE,
    known: { kind: 'signature', format: 'cosign' },
  },
  // What it is of is for its content to say.
  { is: isBundle, known: { kind: 'attestation', format: 'sigstore-bundle' } },
  {
    is: type => type === layerTypes.envelope || /[./]in-toto[.+]/.test(type),
    known: { kind: 'attestation', format: 'in-toto' },
  },
  { is: type => /[./]sarif\+json$/.test(type), known: { kind: 'report', format: 'sarif' } },
  { is: type => /cyclonedx/.test(type), known: { kind: 'sbom', format: 'cyclonedx' } },
  { is: type => /spdx/.test(type), known: { kind: 'sbom', format: 'spdx' } },
  { is: type => /[./]syft[.+]/.test(type), known: { kind: 'sbom', format: 'syft' } },
]
const OTHER: Known = { kind: 'other', format: '' }

/** By its own type first, then by what it holds: tools that attach files often leave the first out. */
export function kindOf({ artifactType, config, layers }: Manifest): Known {
  const types = [artifactType, config?.mediaType, ...layers.map(layer => layer.mediaType)]
  for (const type of types) {
    const found = type === undefined ? undefined : KINDS.find(one => one.is(type.toLowerCase()))
    if (found) return found.known
  }
  return OTHER
}
