import type { Migration } from '../../kernel/index.ts'

/**
 * An offer is the managing tenant's, a delegation the customer's: it holds its own copy of the terms, so a later
 * change of the offer changes nothing that was accepted. What it grants are rows of `role_assignment` with its id
 * as their source.
 */
export const delegationMigrations: readonly Migration[] = [
  {
    id: 'delegation-1',
    statements: [
      `create table delegation_offer (
        tenant_id {text} not null, id {text} not null, name {text} not null, terms {text} not null,
        created_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create unique index delegation_offer_by_name on delegation_offer (tenant_id, name)',
      `create table delegation (
        tenant_id {text} not null, id {text} not null, managing_tenant_id {text} not null, node_id {text} not null,
        scope {text} not null, granted_if {text} not null, terms {text} not null, accepted_by {text} not null, accepted_at {bigint} not null,
        primary key (tenant_id, id)
      ) {strict}`,
      'create index delegation_by_managing_tenant on delegation (managing_tenant_id, tenant_id, id)',
    ],
  },
]
