/** Why a file's text never leaves this machine. */
export type Withheld = 'ignored by git' | 'an environment file' | 'a key or credential file' | 'named by privacy.never'

/** A piece of text on its way to a model or an endpoint of embeddings, and the file that it comes from. */
export type Piece = {
  /** Absolute path in the user's work tree; none for what the user typed, and for golden repositories. */
  path?: string
  text: string
}

/** What would be sent of a piece: its text without what looks like a secret, or nothing. */
export type Cleared = { text: string; redacted: readonly Redaction[] } | { withheld: Withheld }

/** Where something was taken out, in the text that was given; never what it was. */
export type Redaction = { kind: string; line: number }

/**
 * The one way out: whatever goes to a model or an endpoint passes `clear` first. Made for a work tree with
 * `createPrivacy({ never, isIgnored })`.
 */
export type Privacy = {
  clear(piece: Piece): Promise<Cleared>
  /** Whether a file may be read for sending at all. */
  withheld(path: string): Promise<Withheld | undefined>
}
