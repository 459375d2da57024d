/**
 * The files below one folder: paths are relative and parted by `/`. Whoever implements it keeps them inside of
 * the folder, also where a link in it leads elsewhere.
 */
export type Files = {
  /** For messages. */
  readonly name: string
  /** The whole file, undefined where there is none; longer than `limit` is an error. */
  read(path: string, limit: number): Promise<Uint8Array | undefined>
  size(path: string): Promise<number | undefined>
  stream(path: string, from: number, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Wholly the old or wholly the new bytes, whatever happens. */
  replace(path: string, bytes: Uint8Array): Promise<void>
  /** Cut to `at` bytes and written on from there; made with its folders where there is none. */
  append(path: string, at: number): Promise<Sink>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
}

export type Sink = { write(chunk: Uint8Array): Promise<void>; close(): Promise<void> }
