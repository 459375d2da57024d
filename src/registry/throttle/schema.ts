import type { Migration } from '../../kernel/index.ts'

/** Of a region: how its nodes even out their parts of the buckets. What is lost here costs one minute at most. */
export const throttleMigrations: readonly Migration[] = [
  {
    id: 'throttle-001-shares',
    statements: [
      // Who is there to have a part. exchange: the last one, which is not to be done twice.
      `create table throttle_node (
        node {text} not null, seen_at {bigint} not null, exchange {text} not null,
        primary key (node)
      ){strict}`,

      // Thousandths of tokens that a node wants, and that others gave it and it has not fetched.
      `create table throttle_ask (
        registry_id {text} not null, class {text} not null, identity {text} not null, node {text} not null,
        amount {bigint} not null, asked_at {bigint} not null,
        primary key (registry_id, class, identity, node)
      ){strict}`,
      'create index throttle_ask_by_node on throttle_ask (node)',
      `create table throttle_gift (
        registry_id {text} not null, class {text} not null, identity {text} not null,
        node {text} not null, giver {text} not null, amount {bigint} not null, given_at {bigint} not null,
        primary key (registry_id, class, identity, node, giver)
      ){strict}`,
      'create index throttle_gift_by_node on throttle_gift (node)',
    ],
  },
]
