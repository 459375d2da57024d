import {
  readCertificatePage,
  readClientSecretPage,
  readServiceSecretPage,
  readTokenPasswordPage,
} from '../../identity/index.ts'
import type { Store } from '../../kernel/index.ts'
import type { SecretSource } from './source.ts'

/** Of service principals and agents, all tenants'. */
export function serviceSecretAges(store: Store): SecretSource {
  return {
    name: 'service-secret',
    async read(after, limit) {
      const [tenantId = '', principalId = '', id = ''] = after.split('/')
      const page = await readServiceSecretPage(store.read, { after: { tenantId, principalId, id }, limit })
      return page.map(({ principalName, ...one }) => ({
        ...{ key: `${one.tenantId}/${one.principalId}/${one.id}`, name: `${principalName} ${one.id}` },
        ...{ kind: 'service-secret', tenantId: one.tenantId, principalId: one.principalId, registryId: '' },
        ...{ createdAt: one.createdAt, expiresAt: one.expiresAt },
      }))
    },
  }
}

/** Of service principals and agents too: the key is theirs, and the day on which it ends is everybody's. */
export function serviceCertificateAges(store: Store): SecretSource {
  return {
    name: 'service-certificate',
    async read(after, limit) {
      const [tenantId = '', principalId = '', id = ''] = after.split('/')
      const page = await readCertificatePage(store.read, { after: { tenantId, principalId, id }, limit })
      return page.map(({ principalName, ...one }) => ({
        ...{ key: `${one.tenantId}/${one.principalId}/${one.id}`, name: `${principalName} ${one.id}` },
        ...{ kind: 'service-certificate', tenantId: one.tenantId, principalId: one.principalId, registryId: '' },
        ...{ createdAt: one.createdAt, expiresAt: one.notAfter },
      }))
    },
  }
}

/** Of registry tokens, all registries'. */
export function tokenPasswordAges(store: Store): SecretSource {
  return {
    name: 'token-password',
    async read(after, limit) {
      const [registryId = '', tokenId = '', slot = '0'] = after.split('/')
      const page = await readTokenPasswordPage(store.read, {
        after: { registryId, tokenId, slot: Number(slot) },
        limit,
      })
      return page.map(({ tokenName, ...one }) => ({
        ...{ key: `${one.registryId}/${one.tokenId}/${one.slot}`, name: `${tokenName} password${one.slot}` },
        ...{ kind: 'token-password', tenantId: '', principalId: '', registryId: one.registryId },
        ...{ createdAt: one.changedAt, expiresAt: one.expiresAt },
      }))
    },
  }
}

/** By which the platform is known at the sign-in providers of all tenants; when one ends, the provider alone knows. */
export function providerSecretAges(store: Store): SecretSource {
  return {
    name: 'provider-secret',
    async read(after, limit) {
      const [tenantId = '', id = ''] = after.split('/')
      const page = await readClientSecretPage(store.read, { after: { tenantId, id }, limit })
      return page.map(one => ({
        ...{ key: `${one.tenantId}/${one.id}`, name: one.name },
        ...{ kind: 'provider-secret', tenantId: one.tenantId, principalId: '', registryId: '' },
        ...{ createdAt: one.setAt, expiresAt: null },
      }))
    },
  }
}
