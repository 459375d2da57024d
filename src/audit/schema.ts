import type { Migration } from '../kernel/index.ts'

/**
 * An entry is inserted with sequence 0 in the transaction of its change and sealed after the commit: a
 * number and a hash given inside it would make every change of a tenant wait for one row.
 * What may be absent is '': nothing here is null, and hashes are over the very texts of the row.
 */
export const auditMigrations: readonly Migration[] = [
  {
    id: 'audit-1',
    statements: [
      `create table audit_entry (tenant_id {text} not null, id {text} not null, region_id {text} not null,
        sequence {bigint} not null, hash {text} not null,
        actor_id {text} not null, actor_kind {text} not null, actor_tenant_id {text} not null,
        on_behalf_of {text} not null, managing_tenant_id {text} not null,
        action {text} not null, resource {text} not null, result {text} not null,
        policy_id {text} not null, request_id {text} not null, detail {text} not null,
        primary key (tenant_id, id)) {strict}`,
      'create index audit_entry_by_resource on audit_entry (tenant_id, resource, id)',
      'create index audit_entry_by_actor on audit_entry (tenant_id, actor_id, id)',
      'create index audit_entry_unsealed on audit_entry (region_id, tenant_id, id) where sequence = 0',
      'create unique index audit_entry_sequence on audit_entry (tenant_id, region_id, sequence) where sequence <> 0',
      `create table audit_head (tenant_id {text} not null, region_id {text} not null, sequence {bigint} not null,
        hash {text} not null, signed_at {bigint} not null, key_id {text} not null, signature {text} not null,
        primary key (tenant_id, region_id, sequence)) {strict}`,
      `create table audit_key (key_id {text} not null primary key, public_key {text} not null,
        first_used_at {bigint} not null) {strict}`,
    ],
  },
  {
    id: 'audit-2-anchors',
    statements: [
      // Heads of chains in other databases. newest: 1 for the last one pulled; 0 where the chain did not go on from it.
      `create table audit_anchor (tenant_id {text} not null, region_id {text} not null, sequence {bigint} not null,
        hash {text} not null, signed_at {bigint} not null, key_id {text} not null, signature {text} not null,
        kept_at {bigint} not null, newest {bigint} not null,
        primary key (tenant_id, region_id, sequence, hash)) {strict}`,
      'create unique index audit_anchor_newest on audit_anchor (tenant_id, region_id) where newest = 1',
    ],
  },
]
