/** Lines of a file of a golden repository, as they are at a commit. Lines count from 1, the last one included. */
export type Place = {
  readonly repository: string
  readonly commit: string
  readonly path: string
  readonly startLine: number
  readonly endLine: number
}
