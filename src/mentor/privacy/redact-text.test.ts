import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { redactText } from './redact-text.ts'

const A36 = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5'

/** Each with the part that must not be seen, put together here so that no scanner takes this file for a leak. */
const SECRETS: readonly (readonly [string, string])[] = [
  [`const t = '${'ghp'}_${A36}'`, A36],
  [`token: ${'github'}_pat_${A36}`, A36],
  [`${'glpat'}-${A36.slice(0, 20)}`, A36.slice(0, 20)],
  [`aws = ${'AKIA'}ABCDEFGHIJKLMNOP`, 'ABCDEFGHIJKLMNOP'],
  [`${'xoxb'}-123456789012-abcdefghij`, 'abcdefghij'],
  [`${'AIza'}${A36}`, A36],
  [`${'sk'}_live_${A36}`, A36],
  [`${'sk'}-ant-api03-${A36}`, A36],
  [`${'npm'}_${A36}`, A36],
  [`eyJhbGciOiJIUzI1NiJ9.${'eyJzdWIiOiIxMjM0In0'}.c2lnbmF0dXJl`, 'eyJzdWIiOiIxMjM0In0'],
  ['postgres://app:hunter2x@db.internal:5432/app', 'hunter2x'],
  ['Server=db;User Id=app;Password=hunter2x;Encrypt=true', 'hunter2x'],
  [`AccountKey=${A36}${A36}==;EndpointSuffix=core.windows.net`, A36],
  ['Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
  ['const apiKey = "hunter2x"', 'hunter2x'],
  ['  "clientSecret": "hunter2x",', 'hunter2x'],
  ["db['password'] = 'hunter2x'", 'hunter2x'],
  ['config.db.password := `hunter2x`', 'hunter2x'],
  ["'access_token' => 'hunter2x'", 'hunter2x'],
  ['DB_PASSWORD=hunter2x', 'hunter2x'],
  ['export API_TOKEN=hunter2x', 'hunter2x'],
  ['  password: hunter2x', 'hunter2x'],
  ['password = "$hunter2x"', 'hunter2x'],
  [`const salt = "${A36}"`, A36],
  ['https://host/x?access_token=hunter2x&y=1', 'hunter2x'],
]

test('what looks like a secret is taken out, and the rest of its line stays', () => {
  for (const [text, secret] of SECRETS) {
    const { text: sent, redacted } = redactText(`first\n${text}\nlast`)
    assert.ok(!sent.includes(secret), `${text} → ${sent}`)
    assert.ok(redacted.length > 0 && redacted.every(({ line }) => line === 2), text)
    assert.equal(sent.split('\n').length, 3)
    assert.ok(!JSON.stringify(redacted).includes(secret))
  }
  assert.equal(
    redactText('const apiKey = "hunter2x" // why').text,
    'const apiKey = "[a text that its name calls a secret]" // why',
  )
})

test('private keys go whole, also where their end is missing or they are one literal', () => {
  const key = `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEvgIBADANBgkqhkiG9w0\nBAQEFAASCBKgwggSkAgEAAoIB\n-----END RSA PRIVATE KEY-----`
  const { text, redacted } = redactText(`a\n${key}\nb`)
  assert.equal(text, 'a\n[a private key]\n\n\n\nb')
  assert.deepEqual(redacted, [{ kind: 'a private key', line: 2 }])
  assert.doesNotMatch(redactText(key.slice(0, 60)).text, /MIIE|BAQE/)
  assert.doesNotMatch(redactText(`const key = '${key.replaceAll('\n', '\\n')}'`).text, /MIIE|BAQE/)
})

test('code that only speaks of secrets stays as it is', () => {
  const code = [
    'function check(token: string, password: string): boolean {',
    'const token = await readToken(request)',
    'const password = process.env.PASSWORD1',
    'key: "env:TEAM_KEY1"',
    `password: $${'{{'} secrets.TOKEN1 }}`,
    `password = "$${'{'}password1}"`,
    'password = "<your password 1>"',
    'this.secret = secret',
    '"integrity": "sha512-AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789AbCdEf01234567=="',
    'commit = "0123456789abcdef0123456789abcdef01234567"',
    'import { createHash } from "node:crypto"',
    'const name = "a_rather_long_snake_case_name_without_any_digits"',
    'tokenType: "Bearer"',
    'test("basic functionality", () => {',
    '* or the Bearer Assertion of RFC 7522',
    'if (pem.indexOf("-----BEGIN PRIVATE KEY-----") !== 0) throw new TypeError()',
    `const url = \`mongodb://$${'{'}user}:$${'{'}password}@$${'{'}host}\``,
    'https://example.org/a?b=c',
  ].join('\n')
  assert.deepEqual(redactText(code), { text: code, redacted: [] })
})

test('once is enough: what was sent has nothing left to take out', () => {
  const piece = fc.oneof(
    fc.constantFrom(...SECRETS.map(([text]) => text)),
    fc.string(),
    fc.constantFrom('\n', '"', '=', ' '),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), parts => {
      const text = parts.join('\n')
      const once = redactText(text)
      assert.equal(redactText(once.text).text, once.text)
      assert.equal(once.text.split('\n').length, text.split('\n').length)
    }),
  )
})

test('texts that were made to keep it busy are answered', () => {
  const long = (part: string) => part.repeat(Math.ceil(300_000 / part.length))
  for (const part of [
    'a="',
    'password=',
    'eyJa',
    '-----BEGIN PRIVATE KEY',
    '://a:',
    '\\"',
    "x='\\",
    'aB3',
    'token: ',
    '[`"',
  ]) {
    redactText(long(part))
  }
})
