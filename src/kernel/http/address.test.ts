import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressKind, allowList, plainAddress } from './address.ts'
import { AddressRefused, UrlUnusable } from './client-failures.ts'
import { createGuard, type GuardOptions } from './guard.ts'

test('addresses by kind', () => {
  const kinds = {
    public: ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '[2a00:1450::1]'],
    loopback: ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:7f00:0001'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fd12::1', '::ffff:10.0.0.1'],
    metadata: ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '168.63.129.16', '100.100.100.200'],
    'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
    unspecified: ['0.0.0.0', '0.1.2.3', '::'],
    reserved: [
      '240.0.0.1',
      '255.255.255.255',
      '192.0.2.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:0:1::',
      '2001:db8::1',
      '::7f00:1',
    ],
  }
  for (const [kind, addresses] of Object.entries(kinds)) {
    for (const address of addresses) assert.equal(addressKind(address), kind, address)
  }
  for (const text of ['example.org', '', '1.2.3', '1.2.3.4.5', 'g::1']) assert.equal(addressKind(text), undefined)
})

test('an IPv4 address is judged the same in every spelling', () => {
  fc.assert(
    fc.property(fc.ipV4(), address => {
      const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
      const hex = `::ffff:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
      const whole = new URL(`http://${((a * 256 + b) * 256 + c) * 256 + d}/`).hostname
      const kind = addressKind(address)
      assert.ok(kind)
      for (const spelling of [hex, `::ffff:${address}`, whole]) assert.equal(addressKind(spelling), kind, spelling)
      assert.equal(plainAddress(hex), address)
    }),
  )
})

test('no IPv6 address outside global unicast is public', () => {
  fc.assert(
    fc.property(fc.ipV6(), address => {
      const plain = plainAddress(address)
      assert.ok(plain)
      if (addressKind(address) !== 'public' || plain.includes('.')) return
      assert.match(plain, /^[23][0-9a-f]{3}:/)
    }),
  )
})

const guardOf = (addresses: string[], options: GuardOptions = {}) => {
  const resolve = async () => addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
  const guard = createGuard({ resolve, ...options })
  return (text: string) =>
    new Promise((pass, refuse) => {
      const url = new URL(text)
      guard(url)(url.hostname, { all: true }, (error, found) => (error ? refuse(error) : pass(found)))
    })
}

const refused = { code: AddressRefused.code }

test('a name is judged by what it resolves to; only good addresses are connected to', async () => {
  await assert.rejects(guardOf(['127.0.0.1'])('http://a.test/'), refused)
  await assert.rejects(guardOf(['::ffff:169.254.169.254'])('http://a.test/'), refused)
  await assert.rejects(guardOf([])('http://a.test/'), refused)
  assert.deepEqual(await guardOf(['10.0.0.1', '8.8.8.8'])('http://a.test/'), [{ address: '8.8.8.8', family: 4 }])
})

test('a URL that names an address is refused before anything is resolved', async () => {
  const guard = createGuard({ resolve: () => assert.fail('resolved') })
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]', '169.254.169.254']) {
    assert.throws(() => guard(new URL(`http://${host}/`)), refused, host)
  }
  for (const url of ['ftp://a.test/', 'file:///etc/passwd', 'http://user:hunter2@a.test/']) {
    assert.throws(() => guard(new URL(url)), { code: UrlUnusable.code })
  }
})

test('private networks by choice, link-local and metadata only by name', async () => {
  const open = { allowPrivate: true }
  await guardOf(['10.0.0.1'], open)('http://a.test/')
  createGuard(open)(new URL('http://127.0.0.1:5000/'))
  await assert.rejects(guardOf(['169.254.169.254'], open)('http://a.test/'), refused)
  await assert.rejects(guardOf(['224.0.0.1'], open)('http://a.test/'), refused)
  await guardOf(['10.1.2.3'], { allow: ['10.1.0.0/16'] })('http://a.test/')
  await assert.rejects(guardOf(['10.2.2.3'], { allow: ['10.1.0.0/16'] })('http://a.test/'), refused)
  await guardOf(['10.1.2.3'], { allow: ['a.test:8080'] })('http://a.test:8080/')
  await assert.rejects(guardOf(['10.1.2.3'], { allow: ['a.test:8080'] })('http://a.test/'), refused)
  createGuard({ allow: ['localhost:1', '127.0.0.1:2'] })(new URL('http://127.0.0.1:2/'))
})

test('an allowed IPv4 range holds for its spelling as IPv6 too', () => {
  const list = allowList(['10.0.0.0/8', 'fd00::/8', 'Some.Host'])
  assert.ok(list.address('::ffff:10.1.1.1') && list.address('fd00::5') && list.host('some.host', 1))
  assert.ok(!list.address('11.0.0.1') && !list.address('not one') && !list.host('other.host', 1))
})
