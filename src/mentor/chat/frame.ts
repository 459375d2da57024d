/** Lines that speak to a model and not to a reader of code. Few and plain: the frame and the checks do the rest. */
const TO_A_MODEL =
  /\b(?:ignore|disregard|forget|override)\b.{0,60}\b(?:instructions?|prompts?|rules|above|previous|prior)\b|\byou are now\b|\b(?:system|developer) prompt\b|<\/?(?:system|instructions?)>|\bas an ai\b|\b(?:dear|attention,?|note to|hey) (?:ai|llm|assistant|chatbot|model)s?\b/i

export const LEFT_OUT = '[a line that speaks to a language model is left out]'

/** What is quoted without its lines that speak to a model, and how many there were. */
export function quiet(text: string): { text: string; lines: number } {
  let lines = 0
  const kept = text.split('\n').map(line => {
    if (!TO_A_MODEL.test(line.slice(0, 2_000))) return line
    lines++
    return LEFT_OUT
  })
  return { text: kept.join('\n'), lines }
}

/**
 * Text that was written by others between two lines that nobody could foresee: `mark` is random, made for one request.
 * Whatever stands inside can't end it.
 */
export function frame(mark: string, about: string, text: string): string {
  return `<<${mark} ${about.replace(/[\p{C}<>]/gu, ' ')}\n${text}\n${mark}>>`
}
