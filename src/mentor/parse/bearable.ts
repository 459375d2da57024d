/** Half a million characters: longer texts are generated or data, and their nodes would fill memory. */
const MAX_LENGTH = 500_000
/** `a<a<a<…` may be types or comparisons at each `<`: C#'s and Java's grammars keep all readings, and 100,000 of them took 2 GB. */
const MAX_OPEN_ANGLES = 500

/** Whether a text can be given to a parser. It can't be asked to stop in the step where it runs out of memory. */
export function isBearable(text: string): boolean {
  if (text.length > MAX_LENGTH) return false
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x3c /* < */) open++
    else if (code === 0x3e /* > */) open = Math.max(0, open - 1)
    else if (code === 0x3b /* ; */ || code === 0x7b /* { */ || code === 0x7d /* } */) open = 0
    if (open > MAX_OPEN_ANGLES) return false
  }
  return true
}
