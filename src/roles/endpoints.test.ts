import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../kernel/index.ts'
import { controlOrigins, endpoints } from './endpoints.ts'

const machine = { cores: 2, platform: 'linux' }
const config = (env: Record<string, string>) => loadConfig({ env, cwd: '/', file: '/dev/null', machine })

test('control is called by its URL where it has one, and by the names of this machine', () => {
  const local = ['http://127.0.0.1:7070', 'http://localhost:7070', 'http://[::1]:7070']
  assert.deepEqual(controlOrigins(config({})), local)
  const named = config({ TOWPATH_CONTROL_URL: 'https://Towpath.example', TOWPATH_LISTEN_ADDRESS: '0.0.0.0' })
  assert.deepEqual(controlOrigins(named), ['https://towpath.example', ...local])
  assert.equal(endpoints(named).control, 'https://Towpath.example')
  const elsewhere = config({ TOWPATH_LISTEN_ADDRESS: '192.0.2.1' })
  assert.deepEqual(controlOrigins(elsewhere), ['http://192.0.2.1:7070', ...local])
  for (const url of [
    'towpath.example',
    'ftp://towpath.example',
    'https://towpath.example/x',
    'https://me@towpath.example',
  ])
    assert.throws(() => config({ TOWPATH_CONTROL_URL: url }), /control\.url .*Set it to a URL without a path/)
})
