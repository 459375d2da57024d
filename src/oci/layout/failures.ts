import { failure } from '../../kernel/index.ts'
import { quote } from '../digest.ts'

export const LayoutMissing = failure('LAYOUT_MISSING', 404, (name: string) => ({
  says: `${name} is not an OCI layout: it has no oci-layout file with imageLayoutVersion 1.0.0`,
  next: 'Check the path; `towpath oci pull <reference> --layout -o <folder>` makes one',
}))
export const LayoutInvalid = failure('LAYOUT_INVALID', 400, (name: string, why: string) => ({
  says: `The OCI layout ${name} is not valid: ${why}`,
  next: 'Make it again with the tool that made it',
}))
export const LayoutUnknown = failure(
  'LAYOUT_UNKNOWN',
  404,
  (name: string, wanted: string | undefined, names: readonly string[]) => ({
    says:
      wanted === undefined
        ? `${name} holds ${names.length} things, and none was named`
        : `${name} does not hold ${quote(wanted)}`,
    next: names.length === 0 ? 'It is empty' : `It holds: ${names.slice(0, 20).join(', ')}`,
  }),
)
