import type { Redaction, Withheld } from './types.ts'

export type Outgoing = {
  url: string
  model: string
  system: string
  messages: readonly { role: string; content: string }[]
  /** What happened to the files that were asked for. */
  files: readonly { path: string; withheld?: Withheld; redacted?: readonly Redaction[] }[]
}

/** Word for word what a request would carry, and what was kept out of it. The key goes in a header and is not shown. */
export function showOutgoing({ url, model, system, messages, files }: Outgoing): string {
  const notes = files.flatMap(({ path, withheld, redacted = [] }) =>
    withheld
      ? [`${path} is left out: it ${withheld}`]
      : redacted.map(({ kind, line }) => `${path}:${line} ${kind} is taken out`),
  )
  const said = [{ role: 'system', content: system }, ...messages].map(({ role, content }) => `--- ${role}\n${content}`)
  return [`Would be sent to ${url}, model ${model}:`, ...notes.map(note => `  ${note}`), ...said, '--- end'].join('\n')
}
