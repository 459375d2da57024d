import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statusText } from './status-command.ts'

const STATUS = { path: '/x', bytes: 1, indexing: undefined, repositories: [], trouble: undefined }
const REPOSITORY = { source: '/golden', ref: undefined, indexedAt: 1, files: 42, skipped: {}, trouble: undefined }

test('the status is said by repository, with what is wrong and what to do', () => {
  assert.equal(statusText(STATUS), 'Nothing is indexed: run "Index from config file".')
  const trouble = { code: 'GIT_REFUSED', says: 'The server refused', next: 'Sign in' }
  const indexing = { pid: 7, host: 'quay', since: 1 }
  const repositories = [
    { ...REPOSITORY, repository: 'acme/web', commit: '0123456789abcdef' },
    { ...REPOSITORY, repository: 'acme/api', commit: undefined, trouble },
  ]
  assert.equal(
    statusText({ ...STATUS, repositories, indexing }),
    'acme/web: 42 files at 0123456789ab.\nacme/api: not indexed yet. The server refused. Sign in.\nProcess 7 on quay is indexing.',
  )
  assert.match(statusText({ ...STATUS, trouble }), /The server refused\. Sign in\.$/)
})
