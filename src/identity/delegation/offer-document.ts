import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { readArm } from './arm-document.ts'
import { DocumentUnreadable } from './failures.ts'
import { type OfferTerms, offerTerms } from './offer.ts'
import { type Given, malformed, parseDeep } from './template/template.ts'

/** 256 KiB: a hundred authorizations with fifty delegated roles each, and room. */
const LARGEST = 262_144
const KIND = 'towpath.offer/v1'

const yamlOffer = offerTerms.extend({ kind: z.literal(KIND) })

/** An offer from text: an ARM template (JSON), or the YAML that `writeYaml` makes. */
export function readOfferDocument(text: string, given: Given = {}): OfferTerms {
  if (text.length > LARGEST) throw DocumentUnreadable(`it is longer than ${LARGEST} characters`)
  const start = text.replace(/^\uFEFF/, '').trimStart()
  if (start.startsWith('{')) return readArm(parseDeep(start), given)
  if (Object.keys(given).length > 0) throw DocumentUnreadable('only ARM templates have parameters')
  const read = yamlOffer.safeParse(fromYaml(start))
  if (!read.success) throw malformed(read.error, 'the document')
  const { kind: _kind, ...terms } = read.data
  return terms
}

export function writeYaml(terms: OfferTerms): string {
  // Without anchors, which the reader refuses.
  return stringify({ kind: KIND, ...terms }, { aliasDuplicateObjects: false })
}

function fromYaml(text: string): unknown {
  try {
    // No anchors: an offer repeats nothing, and a few of them make a document that never ends.
    return parse(text, { maxAliasCount: 0, schema: 'core', uniqueKeys: true })
  } catch (error) {
    // Deep nesting ends in a RangeError of the parser's own, which is the sender's fault too.
    throw DocumentUnreadable(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it is no YAML').from(
      error,
    )
  }
}
