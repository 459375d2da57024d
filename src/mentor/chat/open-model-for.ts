import { openWorkTree } from '../../git/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { type Environment, type Model, openModel } from '../../models/index.ts'
import type { MentorConfig } from '../config/types.ts'
import { createPrivacy } from '../privacy/create-privacy.ts'
import type { Privacy } from '../privacy/types.ts'

type Folder = { folder: string; config: MentorConfig; env: Environment; clock: Clock }

/** The model that a folder's configuration names, where the user allowed it, and what may be sent to it from there. */
export async function openModelFor({ folder, config, env, clock }: Folder): Promise<{
  model: Model | undefined
  privacy: Privacy
  close(): void
}> {
  const tree = await openWorkTree({ dir: folder, clock })
  const model = config.model && openModel(config.model, { clock, env })
  return {
    model,
    privacy: createPrivacy({
      root: tree?.root ?? folder,
      never: config.privacy.never,
      isIgnored: async path => (tree ? tree.isIgnored(path) : false),
    }),
    close() {
      model?.close()
      tree?.close()
    },
  }
}
