/** Why nothing of a file leaves this machine. */
export type Withheld =
  | 'lies outside the work tree'
  | 'is an environment file'
  | 'is a key or credential file'
  | 'is named by privacy.never'
  | 'is ignored by git'

/** A text on its way to a model or an endpoint of embeddings, and the file that it comes from. */
export type Piece = {
  /** Absolute path in the user's work tree; none for what the user typed, and for golden repositories. */
  path?: string
  text: string
}

/** What would be sent of a piece: its text without what looks like a secret, or nothing. */
export type Cleared = { text: string; redacted: readonly Redaction[] } | { withheld: Withheld }

/** What was taken out, by its 1-based line in the text that was given; never the secret itself. */
export type Redaction = { kind: string; line: number }

/** The one way out: whatever goes to a model or an endpoint passes `clear` first. */
export type Privacy = {
  clear(piece: Piece): Promise<Cleared>
  /** Whether, and why, nothing of a file may be sent. */
  withheld(path: string): Promise<Withheld | undefined>
}
