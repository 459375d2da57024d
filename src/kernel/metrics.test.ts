import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics, MetricClash, mergeMetrics } from './metrics.ts'
import { watchProcess } from './process-metrics.ts'

test('counters and gauges, with and without labels', () => {
  const metrics = createMetrics()
  const requests = metrics.counter('requests_total', 'Requests.', ['method', 'status'])
  requests.with({ method: 'GET', status: '200' }).add()
  requests.with({ status: '200', method: 'GET' }).add(2)
  requests.with({ method: 'PUT', status: '201' }).add()
  metrics.gauge('open', 'Open.').with({}).set(-1.5)
  assert.equal(
    metrics.text(),
    `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{method="GET",status="200"} 3
requests_total{method="PUT",status="201"} 1
# HELP open Open.
# TYPE open gauge
open -1.5
`,
  )
})

test('a histogram counts up to each bound, bounds included', () => {
  const metrics = createMetrics()
  const series = metrics.histogram('took_seconds', 'Took.', ['route'], [0.1, 1]).with({ route: 'a' })
  for (const value of [0.05, 0.1, 0.5, 3]) series.observe(value)
  assert.deepEqual(metrics.text().split('\n').slice(2, -1), [
    'took_seconds_bucket{route="a",le="0.1"} 2',
    'took_seconds_bucket{route="a",le="1"} 3',
    'took_seconds_bucket{route="a",le="+Inf"} 4',
    'took_seconds_sum{route="a"} 3.65',
    'took_seconds_count{route="a"} 4',
  ])
})

test('text from outside cannot forge a line', () => {
  const metrics = createMetrics()
  metrics.gauge('a', 'one\ntwo\\', ['x']).with({ x: 'q"\\\nb 1' }).set(Number.NaN)
  assert.equal(metrics.text(), '# HELP a one\\ntwo\\\\\n# TYPE a gauge\na{x="q\\"\\\\\\nb 1"} NaN\n')
})

test('the same definition is the same metric, another one is refused', () => {
  const metrics = createMetrics()
  metrics.counter('a_total', 'A.').with({}).add()
  metrics.counter('a_total', 'A.').with({}).add()
  assert.match(metrics.text(), /^a_total 2$/m)
  assert.throws(() => metrics.gauge('a_total', 'A.'), MetricClash('a_total'))
  assert.throws(() => metrics.counter('a_total', 'A.', ['b']), MetricClash('a_total'))
})

test('a label with endless values ends in one series', () => {
  const metrics = createMetrics()
  const family = metrics.counter('a_total', 'A.', ['who'])
  for (let at = 0; at < 3000; at++) family.with({ who: `w${at}` }).add()
  const lines = metrics.text().split('\n')
  assert.ok(lines.length < 2010)
  assert.ok(lines.includes('a_total{who="other"} 1000'))
})

test('constant labels, values taken when somebody looks, and several processes as one', () => {
  const texts = ['0', '1'].map(node => {
    const metrics = createMetrics({ node })
    const gauge = metrics.gauge('up', 'Up.').with({})
    metrics.collect(() => gauge.add(1))
    metrics.histogram('t_seconds', 'T.', [], [1]).with({}).observe(2)
    metrics.text()
    return metrics.text()
  })
  assert.equal(
    mergeMetrics(texts),
    `# HELP up Up.
# TYPE up gauge
up{node="0"} 2
up{node="1"} 2
# HELP t_seconds T.
# TYPE t_seconds histogram
t_seconds_bucket{node="0",le="1"} 0
t_seconds_bucket{node="0",le="+Inf"} 1
t_seconds_sum{node="0"} 2
t_seconds_count{node="0"} 1
t_seconds_bucket{node="1",le="1"} 0
t_seconds_bucket{node="1",le="+Inf"} 1
t_seconds_sum{node="1"} 2
t_seconds_count{node="1"} 1
`,
  )
})

test('the process tells of itself', () => {
  const metrics = createMetrics()
  const watch = watchProcess(metrics)
  try {
    const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics.text())?.[1])
    assert.ok(value('process_resident_memory_bytes') > 1e6)
    assert.ok(value('process_cpu_seconds_total\\{mode="user"\\}') > 0)
    assert.ok(value('nodejs_eventloop_delay_seconds\\{quantile="0.99"\\}') >= 0)
    assert.ok(value('process_start_time_seconds') > 1.7e9)
  } finally {
    watch.stop()
  }
})
