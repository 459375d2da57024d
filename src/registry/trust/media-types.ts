export const layerTypes = {
  simpleSigning: 'application/vnd.dev.cosign.simplesigning.v1+json',
  envelope: 'application/vnd.dsse.envelope.v1+json',
} as const

export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
/** Of what cosign attaches as a referrer in its first form. */
export const COSIGN_SIGNATURE = 'application/vnd.dev.cosign.artifact.sig.v1+json'
export const NOTATION = 'application/vnd.cncf.notary.signature'

export function isBundle(mediaType: string): boolean {
  return /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d)?\+json$/.test(mediaType)
}
