import pino from 'pino'
import { lineAsText } from './log-text.ts'
import { redact, scrub } from './redact.ts'

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const
export type LogLevel = keyof typeof LEVELS
export type LogFields = Readonly<Record<string, unknown>>

/** Fields first, then words; an error goes under `err`. */
export type LogLine = (...line: [words: string] | [fields: LogFields, words: string]) => void

export type Log = Readonly<Record<LogLevel, LogLine>> & {
  /** Adds fields to every line. Follows the level of the log it came from. */
  child(fields: LogFields): Log
  level(): LogLevel
  /** Takes effect at once for this log, its parents and all their children. */
  setLevel(level: LogLevel): void
}

export type LogOptions = {
  level: LogLevel
  /** auto: text on a terminal, else JSON. */
  format: 'auto' | 'json' | 'text'
  /** Which process speaks: `control`, `region home 0`. */
  role: string
  /** Takes finished lines instead of standard error. */
  write?: (line: string) => void
}

const STDERR = 2

/**
 * Lines go to standard error, written before the call returns: a crash loses none. Values of keys
 * that name a secret, and credentials inside any text, never get out.
 */
export function createLog(options: LogOptions): Log {
  const text = options.format === 'text' || (options.format === 'auto' && !options.write && process.stderr.isTTY)
  const colors = text && !options.write && process.stderr.hasColors?.() === true
  const write = options.write ?? standardError()
  const settings = {
    base: { role: options.role },
    // The level is checked before pino is asked, by one number that all children share.
    level: 'trace',
    timestamp: pino.stdTimeFunctions.isoTime,
    // Fields are plain already; pino's own serializer would drop an error's cause.
    serializers: { err: (fields: unknown) => fields },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const sink = pino(settings, { write: line => write(text ? lineAsText(line, colors) : line) })
  const state = { least: options.level }
  return view({})

  function view(bound: LogFields): Log {
    const line = (level: LogLevel): LogLine => {
      const rank = LEVELS[level]
      return (first: LogFields | string, words?: string) => {
        if (rank < LEVELS[state.least]) return
        if (typeof first === 'string') sink[level](redact(bound), scrub(first))
        else sink[level](redact({ ...bound, ...first }), scrub(words ?? ''))
      }
    }
    return {
      trace: line('trace'),
      debug: line('debug'),
      info: line('info'),
      warn: line('warn'),
      error: line('error'),
      fatal: line('fatal'),
      child: fields => view({ ...bound, ...fields }),
      level: () => state.least,
      setLevel: level => {
        state.least = level
      },
    }
  }
}

function standardError(): (line: string) => void {
  const destination = pino.destination({ fd: STDERR, sync: true })
  return line => {
    destination.write(line)
  }
}

/** For tests and for parts that run without a voice. */
export function silentLog(): Log {
  const none = () => {}
  const log: Log = {
    trace: none,
    debug: none,
    info: none,
    warn: none,
    error: none,
    fatal: none,
    child: () => log,
    level: () => 'fatal',
    setLevel: none,
  }
  return log
}
