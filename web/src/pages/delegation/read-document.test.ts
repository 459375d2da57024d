import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parameterValue, readDocument } from './read-document.ts'

test('of a template: its parameters, and who must be named here', () => {
  const agent = { principalId: '0374ff5c', principalIdDisplayName: 'sre-agent' }
  const template = {
    parameters: { mspOfferName: { type: 'string', metadata: { description: 'A name' }, defaultValue: 'care' } },
    variables: { managedByTenantId: '6e03bca1', authorizations: [agent, { principalId: '504adfc5' }, agent] },
  }
  const { form, parameters, foreignIds } = readDocument(JSON.stringify(template))
  assert.equal(form, 'arm')
  assert.deepEqual(parameters, [{ name: 'mspOfferName', type: 'string', says: 'A name', initial: 'care' }])
  assert.deepEqual(foreignIds, [
    { id: '6e03bca1', name: 'The managing tenant' },
    { id: '0374ff5c', name: 'sre-agent' },
    { id: '504adfc5', name: '' },
  ])
})

test('ids of ours and expressions need no one to name them', () => {
  const document = { variables: { managedByTenantId: 'ten_01', authorizations: [{ principalId: 'prn_01' }] } }
  const properties = { managedByTenantId: "[variables('managedByTenantId')]" }
  assert.deepEqual(readDocument(JSON.stringify({ ...document, properties })).foreignIds, [])
})

test('a parameter is sent as its type wants it; what is no such value goes as it was typed', () => {
  const parameters = { many: { type: 'int', defaultValue: 3 }, on: { type: 'bool' }, text: { type: 'string' } }
  const [many, on, text] = readDocument(JSON.stringify({ parameters })).parameters
  assert.ok(many && on && text)
  assert.deepEqual([many.initial, on.initial], ['3', undefined])
  assert.deepEqual(
    [parameterValue(many, '5'), parameterValue(on, 'true'), parameterValue(on, 'yes'), parameterValue(text, '5')],
    [5, true, 'yes', '5'],
  )
})

test('nothing, YAML and what is no JSON are left to control', () => {
  const nothing = { parameters: [], foreignIds: [] }
  assert.deepEqual(readDocument(' \n'), { form: 'none', ...nothing })
  assert.deepEqual(readDocument('kind: towpath.offer/v1'), { form: 'yaml', ...nothing })
  assert.deepEqual(readDocument('\uFEFF{ "parameters": '), { form: 'arm', ...nothing })
  const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
  assert.deepEqual(readDocument(deep), { form: 'arm', ...nothing })
})
