import type { ReactNode } from 'react'
import type { Policy } from '../../../../../src/api/index.ts'

export type SettingsOf = { [One in Policy as One['kind']]: One['settings'] }

/** What a page knows of one kind of policy. */
export type Kind<Settings> = {
  readonly title: string
  /** What it does, and what it never does. */
  readonly says: string
  /** What one of them does, in a sentence. */
  readonly words: (settings: Settings) => string
  /** Of a new one where there are no settings. */
  readonly Fields: (props: { settings: Settings | undefined }) => ReactNode
  readonly read: (fields: FormData) => Settings
}
