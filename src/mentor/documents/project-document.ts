import type { Clock } from '../../kernel/index.ts'
import { type Environment, openModel } from '../../models/index.ts'
import type { MentorConfig } from '../config/types.ts'
import { createParser } from '../parse/parser.ts'
import { createPrivacy } from '../privacy/create-privacy.ts'
import type { Library } from '../server/library.ts'
import { type DocumentKind, type MentorDocument, makeDocument } from './make-document.ts'
import { createRetelling, type Retold } from './retell.ts'
import { wordsForNorm } from './words-for-norm.ts'

type Project = {
  library: Library
  config: MentorConfig
  /** Of the project, absolute. */
  folder: string
  clock: Clock
  env: Environment
  signal: AbortSignal
  /** Whether the project's model tells the paragraphs, where it has one. */
  retell: boolean
}

export type ProjectDocument = MentorDocument & { readonly retold: Omit<Retold, 'tell'> | undefined }

/** Code Style or Wiki of a project, as its `archangel.json` wants it. */
export async function projectDocument(kind: DocumentKind, project: Project): Promise<ProjectDocument> {
  const { library, config, folder, clock, env, signal, retell } = project
  const { template, prompt } = config.documents[kind]
  const { reader, index } = library
  const parser = await createParser()
  const model = retell && config.model ? openModel(config.model, { clock, env }) : undefined
  // Paragraphs are of golden repositories: no file of the user is asked about.
  const privacy = createPrivacy({ root: folder, never: config.privacy.never, isIgnored: async () => false })
  const retold = model && createRetelling({ model, privacy, prompt, signal })
  try {
    const document = await makeDocument(kind, {
      index,
      reader,
      golden: config.golden,
      mined: { ...(await library.mined(config)), thresholds: config.norms },
      wordsFor: norm => wordsForNorm(norm, { reader, parser }),
      ...(template === undefined ? {} : { template }),
      ...(retold ? { tell: retold.tell } : {}),
      signal,
    })
    return { ...document, retold }
  } finally {
    model?.close()
  }
}
