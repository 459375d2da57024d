import type { Tally } from '../hints/learner.ts'
import { isMuted } from '../hints/mutes.ts'
import { normLanguage } from '../norms/norm.ts'
import { observe } from '../norms/observe.ts'
import { LIVE_CHARACTERS, type OpenDocument } from './open-document.ts'
import { modeOf, type Session } from './session.ts'

/**
 * Counts where new lines hold to norms and where not, so that habits that hold are mentioned no more. True where that
 * changes what is mentioned.
 */
export async function recordSaved(session: Session, { file, language: written, text }: OpenDocument): Promise<boolean> {
  const { library, learner, projects, parser } = session
  // As it was saved: the user types on meanwhile.
  const saved = text.getText()
  if (file === undefined || written === undefined || saved.length > LIVE_CHARACTERS) return false
  const project = await projects.of(file)
  const { config } = project.loaded
  const { fading } = config.hints
  if (fading === undefined || modeOf(session, project) === 'off') return false
  await parser.ready(written)
  const path = project.pathOf(file)
  using parsed = parser.parse(path, saved)
  if (parsed === undefined || parsed.broken) return false

  const norms = new Map((await library.mined(config)).norms.map(norm => [`${norm.language} ${norm.id}`, norm]))
  const [facts, changed] = await Promise.all([project.facts(), project.changedLines(path, parsed.text)])
  const language = normLanguage(parsed.language)
  const mutes = { team: config.mute, own: learner.mutes() }
  const tallies = new Map<string, Tally>()
  for (const { question: id, answer, startLine, endLine } of observe(parsed, facts)) {
    const norm = norms.get(`${language} ${id}`)
    // What somebody disputes is no lapse.
    if (norm === undefined || isMuted(id, file, mutes)) continue
    const before = tallies.get(id) ?? { id, language, kept: 0, lapsed: 0 }
    if (!changed.touches(startLine, endLine)) tallies.set(id, before)
    else if (answer === norm.answer) tallies.set(id, { ...before, kept: before.kept + 1 })
    else tallies.set(id, { ...before, lapsed: before.lapsed + 1 })
  }
  return learner.record({ root: project.root, path }, [...tallies.values()], fading)
}
