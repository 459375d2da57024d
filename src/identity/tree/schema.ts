import type { Migration } from '../../kernel/index.ts'
import { assertionMigrations } from '../assertions/schema.ts'
import { deviceMigrations } from '../device/schema.ts'
import { oidcMigrations } from '../oidc/schema.ts'
import { endedMigration } from '../registry-access/ended.ts'
import { sessionMigrations } from '../sessions/schema.ts'

/** Tenants, their trees, who is in them and what they may do. Each key begins with the tenant's id. */
export const tenantMigrations: readonly Migration[] = [
  {
    id: 'identity-2-tenants',
    statements: [
      `create table tenant (
        id {text} not null, name {text} not null, version {bigint} not null, created_at {bigint} not null,
        primary key (id)
      ) {strict}`,
      'create unique index tenant_by_name on tenant (name)',
      `create table resource_node (
        tenant_id {text} not null, id {text} not null, parent_id {text} not null,
        kind {text} not null, name {text} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index resource_node_by_id on resource_node (id)',
      'create unique index resource_node_by_name on resource_node (tenant_id, parent_id, kind, name)',
      `create table resource_lock (
        tenant_id {text} not null, id {text} not null, node_id {text} not null, kind {text} not null,
        note {text} not null, created_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index resource_lock_by_node on resource_lock (tenant_id, node_id, kind)',
      `create table principal (
        tenant_id {text} not null, id {text} not null, kind {text} not null, name {text} not null,
        enabled {bigint} not null, owner_id {text} not null, resource_id {text} not null,
        platform_administrator {bigint} not null, created_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index principal_by_id on principal (id)',
      'create unique index principal_by_name on principal (tenant_id, name)',
      'create index principal_by_owner on principal (tenant_id, owner_id, id)',
      'create index principal_by_resource on principal (tenant_id, resource_id, id)',
      `create table group_member (
        tenant_id {text} not null, group_id {text} not null, member_id {text} not null,
        primary key (tenant_id, group_id, member_id)
      ) {strict}`,
      'create index group_member_by_member on group_member (tenant_id, member_id, group_id)',
      `create table service_secret (
        tenant_id {text} not null, principal_id {text} not null, id {text} not null, hash {text} not null,
        created_at {bigint} not null, expires_at {bigint} not null,
        primary key (tenant_id, principal_id, id)
      ) {strict}`,
      `create table custom_role (
        tenant_id {text} not null, id {text} not null, name {text} not null, description {text} not null,
        actions {text} not null, not_actions {text} not null, data_actions {text} not null,
        created_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index custom_role_by_name on custom_role (tenant_id, name)',
      `create table role_assignment (
        tenant_id {text} not null, id {text} not null, principal_tenant_id {text} not null,
        principal_id {text} not null, role_id {text} not null, node_id {text} not null, scope {text} not null,
        granted_if {text} not null, source {text} not null, created_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      `create unique index role_assignment_by_grant on role_assignment
        (tenant_id, principal_tenant_id, principal_id, role_id, node_id, granted_if, source)`,
      'create index role_assignment_by_principal on role_assignment (principal_tenant_id, principal_id, tenant_id)',
      'create index role_assignment_by_node on role_assignment (tenant_id, node_id, id)',
      'create index role_assignment_by_role on role_assignment (tenant_id, role_id, id)',
      'create index role_assignment_by_source on role_assignment (tenant_id, source, id)',
    ],
  },
  endedMigration,
  ...sessionMigrations,
  ...assertionMigrations,
  ...oidcMigrations,
  ...deviceMigrations,
]
