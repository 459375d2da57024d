import { extname } from 'node:path/posix'

export type Language = 'typescript' | 'tsx' | 'javascript' | 'python' | 'go' | 'csharp' | 'java'

const BY_EXTENSION: Readonly<Record<string, Language>> = {
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'tsx',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'javascript',
  '.py': 'python',
  '.go': 'go',
  '.cs': 'csharp',
  '.java': 'java',
}

/** By the name alone: what a file is must be known before its bytes are. */
export function languageOf(path: string): Language | undefined {
  return BY_EXTENSION[extname(path)]
}
