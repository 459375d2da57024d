/** Runs for each item, at most `limit` at once; the first error stops what has not begun, and is thrown once all have ended. */
export async function each<T>(items: Iterable<T>, limit: number, run: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]()
  const failed: unknown[] = []
  const worker = async () => {
    for (let next = queue.next(); !next.done && failed.length === 0; next = queue.next()) {
      try {
        await run(next.value)
      } catch (error) {
        failed.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
  if (failed.length > 0) throw failed[0]
}
