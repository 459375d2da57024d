import { formatCitation } from '../citations/format-citation.ts'
import type { MentorConfig } from '../config/types.ts'
import { type Citer, createCiter } from '../hints/citer.ts'
import type { Hint } from '../hints/hint.ts'
import { hintsOf } from '../hints/hints-of.ts'
import { isMuted } from '../hints/mutes.ts'
import { worthSaying } from '../hints/worth-saying.ts'
import { findBreaches } from '../norms/find-breaches.ts'
import type { Norm } from '../norms/norm.ts'
import type { OpenDocument } from './open-document.ts'
import { sayOnce } from './say-once.ts'
import { modeOf, type Session } from './session.ts'

export type LiveHints = {
  /**
   * What is to be said of the document, after a rest of its user. Where it changes meanwhile it waits for the next rest;
   * rejects with the signal's reason.
   */
  of(document: OpenDocument, signal: AbortSignal): Promise<readonly Hint[]>
  /** The user typed. */
  touched(document: OpenDocument): void
  /** What was said rests on something that has changed: norms, mutes, the mode. */
  forget(): void
}

const NO_NORMS: readonly Norm[] = []

type Known = { turn: number; era: number }

export function createLiveHints(session: Session): LiveHints {
  const { clock, parser, projects, library, learner, events } = session
  const touchedAt = new WeakMap<OpenDocument, number>()
  const known = new WeakMap<OpenDocument, Known>()
  const looking = new WeakMap<OpenDocument, Known & { hints: Promise<readonly Hint[]> }>()
  const citers = new WeakMap<readonly Norm[], Citer>()
  let era = 0
  let ids = 0

  /** An index that can't be read is told of once, not at each key. */
  async function normsOf(config: MentorConfig): Promise<readonly Norm[]> {
    try {
      return (await library.mined(config)).norms
    } catch (error) {
      sayOnce(session, error)
      return NO_NORMS
    }
  }

  async function look(document: OpenDocument): Promise<readonly Hint[]> {
    const { file, language } = document
    if (file === undefined || language === undefined) return []
    const [turn, now] = [document.turn(), era]
    const project = await projects.of(file)
    const { config } = project.loaded
    const mode = modeOf(session, project)
    const norms = mode === 'off' ? [] : await normsOf(config)
    await parser.ready(language)
    const path = project.pathOf(file)
    const facts = await project.facts()
    if (document.turn() !== turn) return document.shown
    // git answers while we parse.
    const [changed, parsed] = await Promise.all([
      project.changedLines(path, document.text.getText()),
      Promise.resolve().then(() => document.parse(parser, path)),
    ])
    if (document.turn() !== turn) return document.shown

    // Half a line says nothing about habits. What was said of the rest still holds.
    if (parsed?.broken && mode !== 'off') return document.shown
    const breaches = parsed ? findBreaches(parsed, norms, facts) : []
    const mutes = { team: config.mute, own: learner.mutes() }
    const worth = parsed
      ? worthSaying(parsed, breaches, {
          mode,
          changed,
          isMuted: id => isMuted(id, file, mutes),
          isFaded: norm => config.hints.fading !== undefined && learner.habit(norm).faded,
          shown: document.shown,
        })
      : []
    const cite = citers.get(norms) ?? createCiter(library.reader)
    citers.set(norms, cite)
    const hints = await hintsOf({
      breaches: worth,
      limit: config.hints.limit,
      cite,
      shown: document.shown,
      newId: () => `h${++ids}`,
    })
    if (document.turn() !== turn || era !== now) return document.shown

    const stands = (hint: Hint) =>
      breaches.some(({ norm, site }) => norm.id === hint.norm.id && site.startIndex === hint.startIndex)
    for (const hint of document.shown) {
      if (!hints.some(({ id }) => id === hint.id) && !stands(hint))
        events.tell('hintResolved', factsOf(document, hint), [project])
    }
    for (const hint of hints) {
      if (!document.shown.some(({ id }) => id === hint.id)) events.tell('hintShown', factsOf(document, hint), [project])
    }
    document.shown = hints
    known.set(document, { turn, era: now })
    return hints
  }

  /** An editor may ask twice for the same text. */
  function lookOnce(document: OpenDocument): Promise<readonly Hint[]> {
    const at = { turn: document.turn(), era }
    const before = looking.get(document)
    if (before?.turn === at.turn && before.era === at.era) return before.hints
    const hints = look(document).finally(() => looking.delete(document))
    looking.set(document, { ...at, hints })
    return hints
  }

  return {
    async of(document, signal) {
      for (;;) {
        signal.throwIfAborted()
        const before = known.get(document)
        if (before?.turn === document.turn() && before.era === era) return document.shown
        await rest(document, signal)
        const turn = document.turn()
        const hints = await lookOnce(document)
        if (document.turn() === turn) return hints
      }
    },
    touched(document) {
      touchedAt.set(document, clock.monotonic())
    },
    forget() {
      era++
    },
  }

  /** Until the user has not typed for a while. */
  async function rest(document: OpenDocument, signal: AbortSignal): Promise<void> {
    const { file } = document
    if (file === undefined) return
    const { pause } = (await projects.of(file)).loaded.config.hints
    for (;;) {
      const since = touchedAt.get(document)
      const left = since === undefined ? 0 : since + pause - clock.monotonic()
      if (left <= 0) return
      await clock.sleep(left, signal)
    }
  }
}

/** What of a hint may be told: nothing of the code that it is about. */
export function factsOf({ uri }: OpenDocument, { id, norm, citation }: Hint): Record<string, unknown> {
  return { uri, hint: id, norm: norm.id, language: norm.language, citation: formatCitation(citation) }
}
