import { type GitOptions, runGit } from './run.ts'

/** What a name (`HEAD`, `<commit>:<path>`, `<ref>^{commit}`) stands for here; undefined where nothing. */
export async function oidOf(name: string, options: GitOptions): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', name]
  const { code, bytes } = await runGit(args, { ...options, codes: [0, 1, 128] })
  return code === 0 ? bytes.toString('utf8').trim() : undefined
}
