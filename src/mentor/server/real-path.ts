import { realpath } from 'node:fs/promises'
import { isCode } from '../../kernel/index.ts'

/** Without links on the way; a file that was never saved keeps the path that it will have. */
export async function realPath(file: string): Promise<string> {
  try {
    return await realpath(file)
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return file
    throw error
  }
}
