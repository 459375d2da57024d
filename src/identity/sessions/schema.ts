import type { Migration } from '../../kernel/index.ts'

/** Who is signed in. A row ends by being deleted; the secret itself is nowhere. */
export const sessionMigrations: readonly Migration[] = [
  {
    id: 'identity-sessions-1',
    statements: [
      `create table sign_in_session (
        tenant_id {text} not null, id {text} not null, principal_id {text} not null, kind {text} not null,
        secret_hash {text} not null, signed_in_by {text} not null, proof {text} not null,
        created_at {bigint} not null, seen_at {bigint} not null,
        expires_at {bigint} not null, ends_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index sign_in_session_by_secret on sign_in_session (secret_hash)',
      'create index sign_in_session_by_principal on sign_in_session (tenant_id, principal_id, id)',
      'create index sign_in_session_by_proof on sign_in_session (proof, tenant_id, id)',
      'create index sign_in_session_by_expiry on sign_in_session (expires_at, tenant_id, id)',
    ],
  },
  {
    // Of a command line: what its next refresh token is known by, and the one before it.
    id: 'identity-sessions-2',
    statements: [
      "alter table sign_in_session add column refresh_hash {text} not null default ''",
      "alter table sign_in_session add column refresh_before {text} not null default ''",
      'alter table sign_in_session add column refreshed_at {bigint} not null default 0',
    ],
  },
]
