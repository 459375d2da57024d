import type { NormLanguage } from '../norm.ts'
import type { Breakings } from './breaking.fixture.ts'
import { csharpBreaking } from './csharp/breaking.fixture.ts'
import { goBreaking } from './go/breaking.fixture.ts'
import { javaBreaking } from './java/breaking.fixture.ts'
import { pythonBreaking } from './python/breaking.fixture.ts'
import { javascriptBreaking, typescriptBreaking } from './typescript/breaking.fixture.ts'

/** By language and question: what shows that a question sees what it asks for. */
export const breakings: Readonly<Record<NormLanguage, Breakings>> = {
  typescript: typescriptBreaking,
  javascript: javascriptBreaking,
  python: pythonBreaking,
  go: goBreaking,
  csharp: csharpBreaking,
  java: javaBreaking,
}
