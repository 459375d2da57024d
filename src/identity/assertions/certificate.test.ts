import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { selfSigned } from '../../kernel/http/certificate.fixture.ts'
import { readCertificate } from './certificate.ts'

const NOW = Date.UTC(2026, 10, 25)
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  selfSigned('robot', generateKeyPairSync('rsa', { modulusLength, publicExponent })).cert
const ec = (namedCurve: string) => selfSigned('robot', generateKeyPairSync('ec', { namedCurve })).cert

test('a certificate in force with a good key is taken, and named by its hash', () => {
  for (const pem of [rsa(2048), ec('P-256'), ec('P-384'), selfSigned('robot', generateKeyPairSync('ed25519')).cert]) {
    const { thumbprint, subject, publicKey, notBefore, notAfter } = readCertificate(pem, NOW)
    assert.equal(thumbprint, createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url'))
    assert.deepEqual([subject, notBefore, notAfter], ['CN=robot', Date.UTC(2020, 0), Date.UTC(2120, 0)])
    assert.match(publicKey, /^-----BEGIN PUBLIC KEY-----/)
    assert.equal(
      readCertificate(`with words before\n${pem}`, NOW).thumbprint,
      thumbprint,
      'as openssl x509 -text has it',
    )
  }
})

test('what is weak, over, early, several, or more than a certificate is refused, and says why', () => {
  const pair = generateKeyPairSync('ed25519')
  const good = selfSigned('robot', pair)
  const cases: [string, RegExp][] = [
    ['', /not one certificate/],
    [`${good.cert}${good.cert}`, /not one certificate/],
    [`${good.cert}${good.key}`, /private key/],
    [good.cert.replace(/[A-Z]{3}/, '!!!'), /not one certificate|can not be read/],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /can not be read/],
    [rsa(1024), /too weak/],
    [rsa(2048, 3), /too weak/],
    [ec('secp256k1'), /not known/],
    [selfSigned('robot', generateKeyPairSync('ed448')).cert, /not known/],
    [selfSigned('robot', pair, ['20200101000000Z', '20261124000000Z']).cert, /has expired/],
    [selfSigned('robot', pair, ['20261126000000Z', '20300101000000Z']).cert, /not in force yet/],
  ]
  for (const [pem, why] of cases)
    assert.throws(() => readCertificate(pem, NOW), { code: 'CERTIFICATE_UNUSABLE', message: why })
})
