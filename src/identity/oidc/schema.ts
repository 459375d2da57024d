import type { Migration } from '../../kernel/index.ts'

/** Who vouches for people of a tenant, whom of them it knows, and which memberships came from it. */
export const oidcMigrations: readonly Migration[] = [
  {
    id: 'identity-oidc-1',
    statements: [
      `create table sign_in_provider (
        tenant_id {text} not null, id {text} not null, name {text} not null, title {text} not null,
        issuer {text} not null, client_id {text} not null, client_secret {text} not null, scopes {text} not null,
        groups_claim {text} not null, provisioning {text} not null, created_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index sign_in_provider_by_name on sign_in_provider (tenant_id, name)',
      `create table sign_in_provider_group (
        tenant_id {text} not null, provider_id {text} not null, value {text} not null, group_id {text} not null,
        primary key (tenant_id, provider_id, value, group_id)
      ) {strict}`,
      'create index sign_in_provider_group_by_group on sign_in_provider_group (tenant_id, group_id)',
      `create table sign_in_link (
        tenant_id {text} not null, provider_id {text} not null, subject {text} not null,
        principal_id {text} not null, created_at {bigint} not null,
        primary key (tenant_id, provider_id, subject)
      ) {strict}`,
      'create unique index sign_in_link_by_principal on sign_in_link (tenant_id, principal_id)',
      `create table provided_member (
        tenant_id {text} not null, provider_id {text} not null, group_id {text} not null, member_id {text} not null,
        primary key (tenant_id, provider_id, group_id, member_id)
      ) {strict}`,
      'create index provided_member_by_member on provided_member (tenant_id, member_id, group_id)',
      'create index provided_member_by_group on provided_member (tenant_id, group_id, member_id)',
    ],
  },
  {
    id: 'identity-oidc-2',
    statements: [
      'alter table sign_in_provider add column secret_set_at {bigint} not null default 0',
      // Whether it was set anew since is not known: it is taken for as old as it can be.
      'update sign_in_provider set secret_set_at = created_at',
    ],
  },
  {
    // By both until now: who may choose a user name at the provider could choose an invited one's.
    id: 'identity-oidc-3',
    statements: ["alter table sign_in_provider add column invited_by {text} not null default 'mail'"],
  },
]
