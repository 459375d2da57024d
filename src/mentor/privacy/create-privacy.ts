import { realpath } from 'node:fs/promises'
import { isCode } from '../../kernel/index.ts'
import { createMatcher, pathUnder } from '../config/glob.ts'
import type { MentorConfig } from '../config/types.ts'
import { redactText } from './redact-text.ts'
import { secretFile } from './secret-files.ts'
import type { Privacy, Withheld } from './types.ts'

export type PrivacyOptions = {
  /** Of the work tree. */
  root: string
  never: MentorConfig['privacy']['never']
  /** Of a path from the root, with `/`. Where there is no git, nothing is ignored. */
  isIgnored(path: string): Promise<boolean>
}

export function createPrivacy({ root, never, isIgnored }: PrivacyOptions): Privacy {
  const named = never.map(({ folder, glob }) => ({ folder, matches: createMatcher([glob]) }))

  async function withheld(path: string): Promise<Withheld | undefined> {
    const [realRoot, realPath] = [await real(root), await real(path)]
    const inside = pathUnder(realRoot, realPath)
    if (inside === undefined) return 'lies outside the work tree'
    // A link with a harmless name may lead to a key, and one with a key's name to a text.
    const given = pathUnder(root, path) ?? inside
    const secret = secretFile(inside) ?? secretFile(given)
    if (secret) return secret
    const isNamed = [path, realPath].some(one =>
      named.some(({ folder, matches }) => matches(pathUnder(folder, one) ?? '')),
    )
    if (isNamed) return 'is named by privacy.never'
    return (await isIgnored(inside)) ? 'is ignored by git' : undefined
  }

  return {
    withheld,
    async clear({ path, text }) {
      const why = path === undefined ? undefined : await withheld(path)
      return why === undefined ? redactText(text) : { withheld: why }
    },
  }
}

/** Of a file that is not saved yet: as it is called, in the folder where it will be. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return path
    throw error
  }
}
