import { styleText } from 'node:util'

const COLORS = { trace: 'gray', debug: 'gray', info: 'green', warn: 'yellow', error: 'red', fatal: 'red' } as const

/** A JSON line for eyes: `12:00:00.123 INFO  control  Listening  port=7070`. */
export function lineAsText(line: string, colors: boolean): string {
  const { level, time, role, msg, err, ...fields }: Record<string, unknown> = JSON.parse(line)
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colors ? styleText(style, text, { validateStream: false }) : text
  const label = String(level)
  const color = label in COLORS ? COLORS[label as keyof typeof COLORS] : 'white'
  const head = [
    paint('gray', String(time).slice(11, 23)),
    paint(color, label.toUpperCase().padEnd(5)),
    paint('cyan', String(role)),
    oneLine(String(msg ?? '')),
  ]
  const tail = Object.entries(fields).map(([key, value]) => `${paint('gray', `${key}=`)}${valueText(value)}`)
  return `${[...head, ...tail].join(' ')}\n${errorText(err)}`
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=]+$/.test(text) && !hasControl(text) ? text : JSON.stringify(text)
}

function errorText(err: unknown): string {
  if (typeof err !== 'object' || err === null) return err === undefined ? '' : `  ${String(err)}\n`
  const { stack, message, next, cause }: { stack?: unknown; message?: unknown; next?: unknown; cause?: unknown } = err
  const own = String(stack || message || JSON.stringify(err)).split('\n')
  const lines = [...own, ...(typeof next === 'string' ? [`next: ${next}`] : []), ...(cause ? ['caused by:'] : [])]
  return `${lines.map(part => `    ${oneLine(part)}\n`).join('')}${cause ? errorText(cause) : ''}`
}

/** What came from outside must not forge a line or move the terminal's cursor. */
function oneLine(text: string): string {
  return hasControl(text) ? JSON.stringify(text).slice(1, -1) : text
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 32 || (code >= 127 && code < 160)) return true
  }
  return false
}
