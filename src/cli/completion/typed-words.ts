/** Bash gives words as they were typed: with their quotes, the last of which may be open. */
export function typedWords(words: readonly string[]): string[] {
  return words.map(plainWord)
}

function plainWord(typed: string): string {
  let quote = ''
  let word = ''
  for (let at = 0; at < typed.length; at++) {
    const char = typed.charAt(at)
    if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === quote) quote = ''
    else if (char === '\\' && quote !== "'") word += typed.charAt(++at)
    else word += char
  }
  return word
}
