import { readFields } from '../../../oci/index.ts'
import { DocumentUnreadable } from '../failures.ts'
import { readCycloneDx } from './cyclonedx.ts'
import { type Report, summed } from './report.ts'
import { readSarif } from './sarif.ts'

// 20,000 findings of Trivy are 7 MB of SARIF, and 0.15 s of CPU.
export const REPORT_BYTES = 8 * 1024 * 1024

/** Undefined where the document reports nothing: an SBOM without vulnerabilities. Throws `DocumentUnreadable`. */
export function parseReport(bytes: Uint8Array): Report | undefined {
  const document = readFields(bytes, { bytes: REPORT_BYTES, depth: 64 }, DocumentUnreadable)
  const found = readSarif(document) ?? readCycloneDx(document)
  return found && summed(found)
}
