import type { Migration } from '../../kernel/index.ts'

/** What a program signs in with but keeps to itself: here are only the public halves, and whom a principal trusts. */
export const assertionMigrations: readonly Migration[] = [
  {
    id: 'identity-assertions-1',
    statements: [
      `create table service_certificate (
        tenant_id {text} not null, principal_id {text} not null, id {text} not null,
        thumbprint {text} not null, subject {text} not null, public_key {text} not null,
        not_before {bigint} not null, not_after {bigint} not null, created_at {bigint} not null,
        primary key (tenant_id, principal_id, id)
      ) {strict}`,
      'create unique index service_certificate_by_thumbprint on service_certificate (tenant_id, principal_id, thumbprint)',
      `create table federation_trust (
        tenant_id {text} not null, principal_id {text} not null, id {text} not null,
        issuer {text} not null, audience {text} not null, subject {text} not null, created_at {bigint} not null,
        primary key (tenant_id, principal_id, id)
      ) {strict}`,
      `create unique index federation_trust_by_claims on federation_trust
        (tenant_id, principal_id, issuer, audience, subject)`,
      `create table used_assertion (
        tenant_id {text} not null, principal_id {text} not null, hash {text} not null, ends_at {bigint} not null,
        primary key (tenant_id, principal_id, hash)
      ) {strict}`,
    ],
  },
]
