import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { WorkspaceEdit } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { z } from 'zod'
import { failure } from '../../kernel/index.ts'
import { insertEntry } from '../config/edit.ts'
import { type Commands, command } from './commands.ts'
import { findHint, hintShape } from './hint-commands.ts'
import { factsOf } from './live-hints.ts'
import type { Project } from './projects.ts'
import type { Session } from './session.ts'

const ConfigUnfit = failure('MENTOR_CONFIG_UNFIT', 409, (file: string) => ({
  says: `${file} can not take another mute: it is no JSON object, or its "mute" is no list`,
  next: 'Repair it; the editor marks what is wrong',
}))
const ConfigMissing = failure('MENTOR_CONFIG_MISSING', 404, () => ({
  says: 'There is no archangel.json here in which the team could mute it',
  next: 'Write one at the root of the repository, or mute it for yourself',
}))
const EditRefused = failure('MENTOR_EDIT_REFUSED', 409, (why: string) => ({
  says: `The editor did not change archangel.json: ${why}`,
  next: 'Try again and confirm the change, or write the mute yourself',
}))

const muteShape = hintShape.extend({
  /** This file for this user, everywhere for this user, or everywhere for everybody. */
  scope: z.enum(['file', 'me', 'team']),
  reason: z.string().min(1).max(500),
})

export type Muting = z.output<typeof muteShape>

export function muteCommands(changed: () => void): Commands {
  return {
    mute: command(muteShape, async (asked, { session }) => {
      const { document, hint } = findHint(session, asked)
      if (document.file === undefined) throw ConfigMissing()
      const project = await session.projects.of(document.file)
      const norm = hint.norm.id.replace(/[:@].*$/, '')
      if (asked.scope === 'team') await muteForTeam(session, project, { norm, reason: asked.reason })
      else {
        const here =
          asked.scope === 'file' ? { root: project.root, path: project.pathOf(document.file) } : { root: '', path: '' }
        session.learner.mute({ norm, reason: asked.reason, ...here })
      }
      session.events.tell('hintMuted', { ...factsOf(document, hint), scope: asked.scope, reason: asked.reason }, [
        project,
      ])
      changed()
      return { norm, scope: asked.scope }
    }),
    mutes: command(z.unknown(), async (_, { session }) => ({ mutes: session.learner.mutes() })),
    unmute: command(z.object({ norm: z.string().max(200) }), async ({ norm }, { session }) => {
      const unmuted = session.learner.unmute(norm)
      changed()
      return { unmuted }
    }),
  }
}

/** An edit in the editor, so that it is seen, can be undone, and is committed by somebody. */
async function muteForTeam(
  session: Session,
  { loaded }: Project,
  entry: { norm: string; reason: string },
): Promise<void> {
  const [file] = loaded.files
  if (file === undefined) throw ConfigMissing()
  const open = session.documents.all().find(document => document.file === file)
  const text = open?.text.getText() ?? (await readFile(file, 'utf8'))
  const insertion = insertEntry(text, 'mute', entry)
  if (insertion === undefined) throw ConfigUnfit(file)
  const uri = open?.uri ?? pathToFileURL(file).href
  const edit = editOf(session, uri, TextDocument.create(uri, 'json', 0, text).positionAt(insertion.at), {
    ...insertion,
    norm: entry.norm,
  })
  const { applied, failureReason } = await session.connection.workspace.applyEdit({
    label: `Mute ${entry.norm} for the team`,
    edit,
  })
  if (!applied) throw EditRefused(failureReason ?? 'it gave no reason')
}

function editOf(
  { client, documents }: Session,
  uri: string,
  at: { line: number; character: number },
  { text, norm }: { text: string; norm: string },
): WorkspaceEdit {
  const change = { range: { start: at, end: at }, newText: text }
  if (!client.confirmsEdits) return { changes: { [uri]: [change] } }
  const version = documents.get(uri)?.text.version ?? null
  return {
    changeAnnotations: { mute: { label: `Mute ${norm} for the team`, needsConfirmation: true } },
    documentChanges: [{ textDocument: { uri, version }, edits: [{ ...change, annotationId: 'mute' }] }],
  }
}
