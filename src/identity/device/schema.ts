import type { Migration } from '../../kernel/index.ts'

/** A command line that waits for a person. Nobody's until somebody allows it, so no tenant stands before its key. */
export const deviceMigrations: readonly Migration[] = [
  {
    id: 'identity-device-1',
    statements: [
      `create table device_request (
        device_hash {text} not null, user_code {text} not null, address {text} not null,
        created_at {bigint} not null, expires_at {bigint} not null,
        polled_at {bigint} not null, pause_ms {bigint} not null, state {text} not null,
        tenant_id {text} not null, principal_id {text} not null, signed_in_by {text} not null, proof {text} not null,
        primary key (device_hash)
      ) {strict}`,
      'create unique index device_request_by_code on device_request (user_code)',
      'create index device_request_by_expiry on device_request (expires_at, device_hash)',
    ],
  },
]
