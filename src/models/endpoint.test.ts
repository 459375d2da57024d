import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { readEndpoint } from './endpoint.ts'
import type { ModelSettings } from './settings.ts'

const settings: ModelSettings = { kind: 'openai', url: 'https://models.example', model: 'a b' }
const at = (more: Partial<ModelSettings>) => readEndpoint({ ...settings, ...more }, { KEY: 'k-1234', BAD: 'a\nb' })

test('the address of the API follows from what people write', () => {
  const cases: [Partial<ModelSettings>, string, string?][] = [
    [{}, 'https://models.example/v1'],
    [{ url: 'https://models.example/' }, 'https://models.example/v1'],
    [{ url: 'https://models.example/v1/' }, 'https://models.example/v1'],
    [{ url: 'https://models.example/v1/chat/completions' }, 'https://models.example/v1'],
    [{ url: 'https://gw.example/team/openai' }, 'https://gw.example/team/openai'],
    [{ kind: 'anthropic' }, 'https://models.example/v1'],
    [{ kind: 'anthropic', url: 'https://gw.example/a/v1/messages' }, 'https://gw.example/a/v1'],
    [{ kind: 'azure' }, 'https://models.example/openai/deployments/a%20b', '2024-10-21'],
    [
      { kind: 'azure', url: 'https://gw.example/x/openai' },
      'https://gw.example/x/openai/deployments/a%20b',
      '2024-10-21',
    ],
    [{ kind: 'azure', url: 'https://gw.example/x/deployments/d' }, 'https://gw.example/x/deployments/d', '2024-10-21'],
    [{ kind: 'azure', url: 'https://m.example/openai/v1' }, 'https://m.example/openai/v1'],
    [
      { kind: 'azure', url: 'https://m.example/openai/v1', apiVersion: 'preview' },
      'https://m.example/openai/v1',
      'preview',
    ],
  ]
  for (const [more, baseUrl, version] of cases) {
    const endpoint = at(more)
    assert.deepEqual([endpoint.baseUrl, endpoint.query['api-version']], [baseUrl, version], JSON.stringify(more))
  }
})

test('headers of a gateway come after the key’s, and may replace it', () => {
  const { headers, secrets } = at({ key: 'env:KEY', headers: { Authorization: 'env:KEY', 'X-Team': 'web' } })
  assert.deepEqual(headers, { authorization: 'k-1234', 'x-team': 'web' })
  assert.deepEqual(secrets, ['k-1234', 'k-1234'])
})

test('what is no setting is refused, and never repeated where it may be a secret', () => {
  const refused: [Partial<ModelSettings>, RegExp][] = [
    [{ url: 'models.example' }, /no http or https URL/],
    [{ url: 'file:///etc/passwd' }, /no http or https URL/],
    [{ url: 'https://joe:k-1234@models.example' }, /no http or https URL/],
    [{ url: 'https://models.example/v1?key=k-1234' }, /behind \? or #/],
    [{ key: 'k-1234' }, /not given by reference/],
    [{ headers: { 'X-Api-Key': 'k-1234' } }, /not given by reference/],
    [{ headers: { 'x-a': 'env:BAD' } }, /cannot be sent/],
    [{ headers: { 'x a': '1' } }, /cannot be sent/],
    [{ key: 'env:NONE' }, /env:NONE is not set/],
  ]
  for (const [more, says] of refused) {
    assert.throws(
      () => at(more),
      error => {
        assert.match(String(error), says)
        assert.ok(!inspect(error, { depth: 9 }).includes('k-1234'))
        return true
      },
    )
  }
})
