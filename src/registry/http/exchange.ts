import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Authorizer, Caller, TokenEndpoint } from '../../identity/index.ts'
import type { Clock, Log, Metrics } from '../../kernel/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { Registry } from '../registry.ts'
import type { ServedRegistry } from '../registry-config.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { Trust } from '../trust/trust.ts'
import type { Denials } from './denials.ts'
import type { Forward } from './forward.ts'
import type { Route } from './route.ts'

export type Directory = {
  /** `host` in lower case, as the Host header has it. */
  byHost(host: string): ServedRegistry
}

export type DataPlaneParts = {
  registry: Registry
  /** Who must have signed what is pulled. */
  trust: Trust
  authorizer: Authorizer
  tokenEndpoint: TokenEndpoint
  directory: Directory
  throttle: Throttle
  metrics: Metrics
  log: Log
  clock: Clock
  /** Where the node of that name listens; undefined where there is none. */
  forward: Forward
}

export type ServingParts = DataPlaneParts & { denials: Denials }

/** One request on its way: who asks what of which repository. */
export type Exchange = {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly host: string
  readonly route: Route
  readonly query: string
  readonly caller: Caller
  readonly repo: RepoRef
  /** Whose registry it is. */
  readonly tenantId: string
}
