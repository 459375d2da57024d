import type { Migration } from '../../kernel/index.ts'

/** Of a region's database. */
export const webhookMigrations: readonly Migration[] = [
  {
    id: 'webhook-delivery-1',
    statements: [
      // How far the region's feed was turned into deliveries, and the newest number that one was given.
      `create table webhook_cursor (
        region_id {text} not null, sequence {bigint} not null, last_number {bigint} not null,
        primary key (region_id)
      ){strict}`,

      // One event for one hook; what is done stays as the log, so many of each hook. body: what is sent, as it is sent.
      `create table webhook_delivery (
        registry_id {text} not null, hook_id {text} not null, number {bigint} not null, repository {text} not null,
        event_id {text} not null, action {text} not null, image {text} not null, content_type {text} not null,
        body {text} not null, created_at {bigint} not null, redelivery_of {bigint} not null,
        state {text} not null, attempts {bigint} not null, attempted_at {bigint} not null, status {bigint} not null,
        request_headers {text} not null, response_headers {text} not null, response_body {text} not null,
        error {text} not null,
        primary key (registry_id, hook_id, number)
      ){strict}`,
      `create index webhook_delivery_next on webhook_delivery (registry_id, hook_id, repository, number)
        where state = 'pending'`,
      'create index webhook_delivery_by_state on webhook_delivery (registry_id, hook_id, state, number)',

      // A repository's queue at a hook: there while anything waits in it. Its first delivery is tried at due_at.
      `create table webhook_lane (
        registry_id {text} not null, hook_id {text} not null, repository {text} not null,
        due_at {bigint} not null, failures {bigint} not null,
        primary key (registry_id, hook_id, repository)
      ){strict}`,
      'create index webhook_lane_due on webhook_lane (due_at)',
    ],
  },
]
