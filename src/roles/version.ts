import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Of package.json, which is two folders up from here, from sources and compiled alike. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version
