/** `policies`: what decided — ids of assignments, locks or policies of the platform; `default-deny` where nothing spoke. */
export type Decision = {
  readonly allowed: boolean
  readonly policies: readonly string[]
  /** A sentence for people. */
  readonly reason: string
}
