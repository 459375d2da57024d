import { failure } from './failure.ts'

export const MetricClash = failure('METRIC_CLASH', 500, (name: string) => ({
  says: `The metric ${name} exists with another kind or other labels`,
  next: 'Use another name, or the same definition',
}))

type Labels<L extends string> = Readonly<Record<L, string>>
export type Counter = { add(by?: number): void }
export type Gauge = { set(value: number): void; add(by: number): void }
export type Histogram = { observe(value: number): void }
/** Resolve a series once, outside the hot path; its handle then costs a few nanoseconds. */
export type Family<L extends string, Handle> = { with(labels: Labels<L>): Handle }

export type Metrics = {
  /** Name it `…_total`. */
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Family<L, Counter>
  gauge<L extends string>(name: string, help: string, labels?: readonly L[]): Family<L, Gauge>
  /** `buckets`: upper bounds, rising; by default durations in seconds. Name it by its unit: `…_seconds`. */
  histogram<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Family<L, Histogram>
  /** Called before each `text()`: sets what is measured only when somebody looks. */
  collect(refresh: () => void): void
  /** Prometheus text format 0.0.4. */
  text(): string
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** From a memory hit to a slow client, about a factor of 2.5 apart. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60] as const
/** A label filled by strangers must not fill the memory: what comes after is counted together as `other`. */
const SERIES_MAX = 2000

type Kind = 'counter' | 'gauge' | 'histogram'
type Series<Handle> = { handle: Handle; lines(name: string, labels: string): string }
type Held = { kind: Kind; labels: readonly string[]; family: Family<string, unknown>; text(): string }

/** `constant` labels are put on every series: which process this is. */
export function createMetrics(constant: Readonly<Record<string, string>> = {}): Metrics {
  const held = new Map<string, Held>()
  const refreshers: (() => void)[] = []

  function define<L extends string, Handle>(
    kind: Kind,
    name: string,
    help: string,
    labels: readonly L[],
    make: () => Series<Handle>,
  ): Family<L, Handle> {
    const known = held.get(name)
    if (known) {
      if (known.kind !== kind || known.labels.join() !== labels.join()) throw MetricClash(name)
      return known.family as Family<L, Handle>
    }
    const series = new Map<string, Series<Handle>>()
    const resolve = (values: Labels<L>): Handle => {
      const key = labelText({ ...constant, ...pick(labels, values) })
      const found = series.get(key)
      if (found) return found.handle
      if (series.size >= SERIES_MAX && !labels.every(label => values[label] === 'other')) {
        return resolve(Object.fromEntries(labels.map(label => [label, 'other'])) as Labels<L>)
      }
      const made = make()
      series.set(key, made)
      return made.handle
    }
    const family = { with: resolve }
    const head = `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${kind}\n`
    const text = () => head + [...series].map(([key, one]) => one.lines(name, key)).join('')
    held.set(name, { kind, labels, family, text })
    return family
  }

  return {
    counter: (name, help, labels = []) => define('counter', name, help, labels, number),
    gauge: (name, help, labels = []) => define('gauge', name, help, labels, number),
    histogram: (name, help, labels = [], buckets = SECONDS) =>
      define('histogram', name, help, labels, () => histogram(buckets)),
    collect: refresh => {
      refreshers.push(refresh)
    },
    text: () => {
      for (const refresh of refreshers) refresh()
      return [...held.values()].map(one => one.text()).join('')
    },
  }
}

function pick<L extends string>(labels: readonly L[], values: Labels<L>): Record<string, string> {
  return Object.fromEntries(labels.map(label => [label, values[label]]))
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const safe = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${safe(String(value))}"`)
    .join(',')
}

function number(): Series<Counter & Gauge> {
  let value = 0
  return {
    handle: {
      add: (by = 1) => {
        value += by
      },
      set: to => {
        value = to
      },
    },
    lines: (name, labels) => line(name, labels, value),
  }
}

function histogram(buckets: readonly number[]): Series<Histogram> {
  const bounds = Float64Array.from(buckets)
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  return {
    handle: {
      observe: value => {
        let at = 0
        while (at < bounds.length && value > (bounds[at] ?? 0)) at++
        counts[at] = (counts[at] ?? 0) + 1
        sum += value
      },
    },
    lines: (name, labels) => {
      let total = 0
      let text = ''
      const before = labels ? `${labels},` : ''
      for (const [at, count] of counts.entries()) {
        total += count
        text += line(`${name}_bucket`, `${before}le="${numberText(bounds[at] ?? Infinity)}"`, total)
      }
      return text + line(`${name}_sum`, labels, sum) + line(`${name}_count`, labels, total)
    },
  }
}

function line(name: string, labels: string, value: number): string {
  return `${name}${labels ? `{${labels}}` : ''} ${numberText(value)}\n`
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

/** Expositions of several processes as one: each family's lines together, its HELP and TYPE once. */
export function mergeMetrics(texts: readonly string[]): string {
  const families = new Map<string, { head: string; lines: string }>()
  for (const text of texts) {
    for (const block of text.split(/^(?=# HELP )/m)) {
      const found = /^# HELP (\S+) .*\n# TYPE .*\n/.exec(block)
      if (!found?.[1]) continue
      const family = families.get(found[1]) ?? { head: found[0], lines: '' }
      families.set(found[1], { ...family, lines: family.lines + block.slice(found[0].length) })
    }
  }
  return [...families.values()].map(({ head, lines }) => head + lines).join('')
}
