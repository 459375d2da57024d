/** The longest a timer takes. */
const LONGEST_MS = 0x7fff_ffff

/**
 * Keeps the process until the returned function is called. The clock's sleeps don't: a process that only waited to try
 * again, for a writer, for control or to start what died, would end in the middle of it.
 */
export function stayAlive(): () => void {
  const timer = setInterval(() => {}, LONGEST_MS)
  return () => clearInterval(timer)
}
