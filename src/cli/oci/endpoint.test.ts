import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../kernel/index.ts'
import { digestOf } from '../../oci/index.ts'
import { hostIn, parseEndpoint, tagOf } from './endpoint.ts'

const digest = digestOf('x')

test('what words of the command line name', () => {
  const cases: [string, object, string | undefined][] = [
    [
      'localhost:5000/a:1',
      { kind: 'registry', ref: { host: 'localhost:5000', repository: 'a', tag: '1' }, name: '1' },
      '1',
    ],
    [
      'docker://localhost/a',
      { kind: 'registry', ref: { host: 'localhost', repository: 'a' }, name: 'latest' },
      'latest',
    ],
    [
      `localhost/a@${digest}`,
      { kind: 'registry', ref: { host: 'localhost', repository: 'a', digest }, name: digest },
      undefined,
    ],
    ['oci:./layout', { kind: 'layout', folder: './layout', name: undefined }, undefined],
    ['oci:/tmp/x.y/layout:1.0', { kind: 'layout', folder: '/tmp/x.y/layout', name: '1.0' }, '1.0'],
    [`oci:layout@${digest}`, { kind: 'layout', folder: 'layout', name: digest }, undefined],
  ]
  for (const [text, expected, tag] of cases) {
    const endpoint = parseEndpoint(text)
    assert.deepEqual(endpoint, expected, text)
    assert.equal(tagOf(endpoint), tag)
  }
  for (const text of ['oci:', 'oci:x:', 'plain', 'oci:x@sha256:y'])
    assert.throws(() => parseEndpoint(text), Failure, text)
  assert.equal(hostIn('docker://Localhost:1/a'), 'localhost:1')
  assert.equal(hostIn('oci:x/y'), undefined)
})
