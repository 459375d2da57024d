import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Access,
  type Caller,
  formatScope,
  HostMalformed,
  parseHost,
  type RegistryAction,
  tokenPaths,
} from '../../identity/index.ts'
import { Failure } from '../../kernel/index.ts'
import { isRepository, RepositoryInvalid } from '../../oci/index.ts'
import { AuthenticationNeeded, Denied, MethodUnsupported, RouteUnknown, UploadOutOfOrder } from '../failures.ts'
import type { OperationClass } from '../throttle/limits.ts'
import { nodeOf } from '../uploads/uploads.ts'
import { answerError, answerJson, challengeHeaders, type Headers } from './answer.ts'
import { createDenials } from './denials.ts'
import type { DataPlaneParts, Exchange, ServingParts } from './exchange.ts'
import { forwardUpload } from './forward.ts'
import { createRequestMeter } from './request-meter.ts'
import { parseRoute, type Route, type RouteKind } from './route.ts'
import { deleteRepository, patchManifest, patchRepository, patchTag, untag } from './serve-attributes.ts'
import { deleteBlob, getBlob } from './serve-blob.ts'
import { listCatalog, listReferrers, listTags } from './serve-lists.ts'
import { deleteManifest, getManifest, putManifest } from './serve-manifest.ts'
import { getManifestMetadata, getRepository, getTag, listManifestMetadata, listTagMetadata } from './serve-metadata.ts'
import { deleteUpload, getUpload, patchUpload, postUpload, putUpload, uploadHeaders } from './serve-upload.ts'

type Serve = (parts: ServingParts, exchange: Exchange) => void | Promise<void>
type Endpoint = { readonly action: RegistryAction; readonly serve: Serve }

const pull = (serve: Serve): Endpoint => ({ action: 'pull', serve })
const push = (serve: Serve): Endpoint => ({ action: 'push', serve })
const remove = (serve: Serve): Endpoint => ({ action: 'delete', serve })
const metadata = (serve: Serve): Endpoint => ({ action: 'metadata_read', serve })
const change = (serve: Serve): Endpoint => ({ action: 'metadata_write', serve })
const read = (endpoint: Endpoint) => ({ GET: endpoint, HEAD: endpoint })

/** All there is, but for `/v2/` itself and the token endpoint. */
const endpoints: Record<Exclude<RouteKind, 'base'>, Readonly<Record<string, Endpoint>>> = {
  catalog: read({ action: 'catalog', serve: listCatalog }),
  tags: read(pull(listTags)),
  referrers: read(pull(listReferrers)),
  manifest: { ...read(pull(getManifest)), PUT: push(putManifest), DELETE: remove(deleteManifest) },
  blob: { ...read(pull(getBlob)), DELETE: remove(deleteBlob) },
  uploads: { POST: push(postUpload) },
  upload: { GET: push(getUpload), PATCH: push(patchUpload), PUT: push(putUpload), DELETE: push(deleteUpload) },
  'acr-catalog': read({ action: 'catalog', serve: listCatalog }),
  'acr-repository': {
    ...read(metadata(getRepository)),
    PATCH: change(patchRepository),
    DELETE: remove(deleteRepository),
  },
  'acr-tags': read(metadata(listTagMetadata)),
  'acr-tag': { ...read(metadata(getTag)), PATCH: change(patchTag), DELETE: remove(untag) },
  'acr-manifests': read(metadata(listManifestMetadata)),
  'acr-manifest': { ...read(metadata(getManifestMetadata)), PATCH: change(patchManifest) },
}

/**
 * The whole of /v2/, of /acr/v1/ and of the token endpoint on a bare server. A pull whose caller, tag and manifest are in memory is answered
 * within the call, without a promise.
 */
export function createDataPlane(given: DataPlaneParts): (req: IncomingMessage, res: ServerResponse) => void {
  const meter = createRequestMeter(given)
  const parts = { ...given, denials: createDenials(given) }

  return (req, res) => {
    const started = parts.clock.monotonic()
    let kind = 'other'
    try {
      const url = req.url ?? ''
      const mark = url.indexOf('?')
      const path = mark < 0 ? url : url.slice(0, mark)
      const route = parseRoute(path)
      kind = route?.kind ?? (tokenPaths.has(path) ? 'token' : 'other')
      const query = mark < 0 ? '' : url.slice(mark + 1)
      const serving = route ? handle(parts, req, res, route, query) : handleOther(parts, req, res, path)
      if (serving === undefined) meter(kind, req, res, started)
      else settle(parts, serving, req, res).finally(() => meter(kind, req, res, started))
    } catch (error) {
      answerError(req, res, error, parts.log, errorHeaders(req, error))
      meter(kind, req, res, started)
    }
  }
}

async function settle(parts: ServingParts, serving: Promise<void>, req: IncomingMessage, res: ServerResponse) {
  try {
    await serving
  } catch (error) {
    await parts.denials.signIn(req, error)
    answerError(req, res, error, parts.log, errorHeaders(req, error))
  }
}

function handle(
  parts: ServingParts,
  req: IncomingMessage,
  res: ServerResponse,
  route: Route,
  query: string,
): void | Promise<void> {
  const host = hostOf(req)
  const caller = parts.authorizer.admit(req.headers.authorization, host, req.socket.remoteAddress)
  if (caller instanceof Promise) return caller.then(known => serve(parts, req, res, host, route, query, known))
  return serve(parts, req, res, host, route, query, caller)
}

function serve(
  parts: ServingParts,
  req: IncomingMessage,
  res: ServerResponse,
  host: string,
  route: Route,
  query: string,
  caller: Caller,
): void | Promise<void> {
  if (route.kind === 'base') return serveBase(req, res)
  const { name: repository, rest } = route
  const endpoint = endpoints[route.kind][req.method ?? '']
  if (!endpoint) throw MethodUnsupported(req.method ?? '')
  const { action } = endpoint
  if (action !== 'catalog' && !isRepository(repository)) throw RepositoryInvalid(repository)
  const served = parts.directory.byHost(host)
  const { id: registryId, tenantId } = served
  const repo = { registryId, repository }
  const verdict = parts.authorizer.may(caller, action, repo)
  if (!verdict.allowed) {
    if (verdict.authenticate) throw AuthenticationNeeded(accessNeeded(action, repository))
    return parts.denials.forbidden({ req, caller, repo, tenantId, action }).then(() => {
      throw Denied(action, repository)
    })
  }
  // What a sibling hands over was counted there: it comes by the unix socket, which has no address.
  if (req.socket.remoteAddress !== undefined) {
    parts.throttle.admit(served, caller.id, classOf(route.kind, req.method), parts.clock.monotonic())
  }
  if (route.kind === 'upload' && nodeOf(rest) !== parts.registry.node) {
    return forwardUpload(req, res, parts.forward, rest)
  }
  return endpoint.serve(parts, { req, res, host, route, query, caller, repo, tenantId })
}

function classOf(kind: RouteKind, method = ''): OperationClass {
  if (kind === 'referrers') return 'referrers'
  if (method === 'GET' || method === 'HEAD') return 'read'
  return method === 'DELETE' ? 'delete' : 'write'
}

/** Clients come here to learn that they must sign in; Docker signs in only where it is asked to here. */
function serveBase(req: IncomingMessage, res: ServerResponse): void {
  if (req.method !== 'GET' && req.method !== 'HEAD') throw MethodUnsupported(req.method ?? '')
  if (req.headers.authorization === undefined) throw AuthenticationNeeded()
  answerJson(res, 200, '{}')
}

function handleOther(parts: DataPlaneParts, req: IncomingMessage, res: ServerResponse, path: string) {
  if (tokenPaths.has(path)) return parts.tokenEndpoint(req, res)
  throw RouteUnknown(req.method ?? '', path)
}

function hostOf(req: IncomingMessage): string {
  const host = parseHost(req.headers.host)
  if (host === undefined) throw HostMalformed(req.headers.host ?? '')
  return host
}

/** What an answer says beside its failure: where to sign in, what works here, how an upload goes on. */
function errorHeaders(req: IncomingMessage, error: unknown): Headers {
  if (!(error instanceof Failure)) return []
  const path = (req.url ?? '').split('?', 1)[0] ?? ''
  if (error.status === 401) {
    const host = parseHost(req.headers.host)
    return host === undefined ? [] : challengeHeaders(req, host, scopeOf(req, parseRoute(path)))
  }
  const route = error.status === 405 || error.status === 416 ? parseRoute(path) : undefined
  if (!route) return []
  if (error.status === 405 && error.is(MethodUnsupported)) {
    return ['Allow', route.kind === 'base' ? 'GET, HEAD' : Object.keys(endpoints[route.kind]).join(', ')]
  }
  if (error.status !== 416) return []
  if (route.kind === 'blob') return ['Content-Range', `bytes */${error.detail.size}`]
  if (!error.is(UploadOutOfOrder) || typeof error.detail.held !== 'number') return []
  return uploadHeaders(route.name, route.rest, error.detail.held)
}

function scopeOf(req: IncomingMessage, route: Route | undefined): string | undefined {
  if (!route || route.kind === 'base') return undefined
  const action = endpoints[route.kind][req.method ?? '']?.action
  if (action === undefined || (action !== 'catalog' && !isRepository(route.name))) return undefined
  return formatScope(accessNeeded(action, route.name))
}

/** What a token must say for this: pushing reads what is there already. */
function accessNeeded(action: RegistryAction, repository: string): Access {
  if (action === 'catalog') return { type: 'registry', name: 'catalog', actions: ['*'] }
  return { type: 'repository', name: repository, actions: action === 'push' ? ['pull', 'push'] : [action] }
}
