import type { Connection } from 'vscode-languageserver/node'
import type { Clock, Log } from '../../kernel/index.ts'
import type { HintMode } from '../config/types.ts'
import type { Learner } from '../hints/learner.ts'
import type { Parser } from '../parse/parsed.ts'
import type { Client } from './client.ts'
import type { Documents } from './documents.ts'
import type { Events } from './events.ts'
import type { GoldenDocuments } from './golden-documents.ts'
import type { Library } from './library.ts'
import type { Project, Projects } from './projects.ts'

/** What every part of the server works with, from `initialize` on. */
export type Session = {
  readonly connection: Connection
  readonly client: Client
  readonly clock: Clock
  readonly log: Log
  readonly parser: Parser
  readonly learner: Learner
  readonly library: Library
  readonly documents: Documents
  readonly projects: Projects
  readonly golden: GoldenDocuments
  readonly events: Events
}

/** What the user chose on this machine, else what the team's file says. */
export function modeOf({ learner }: Pick<Session, 'learner'>, { loaded }: Project): HintMode {
  return learner.mode() ?? loaded.config.hints.mode
}
