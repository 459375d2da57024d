import type { Location } from 'vscode-languageclient'

/** What the mentor says beyond LSP; docs/mentor-protocol.md has all of it. */
export type IndexProgress = { readonly done: number; readonly total: number }

/** A golden place that an answer rests on: `repository@commit:path#Lx-Ly`, and where an editor opens it. */
export type ChatCitation = Location & { readonly number: number; readonly citation: string }
export type ChatAnswer = {
  readonly conversation: string
  readonly text: string
  readonly citations: readonly ChatCitation[]
  /** What is to be said of the answer: that it is not whole, what was not sent, what was taken out. */
  readonly notes: readonly string[]
}
export type ChatDelta = { readonly text: string }
