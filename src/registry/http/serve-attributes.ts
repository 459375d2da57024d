import { z } from 'zod'
import { readBody } from '../../kernel/index.ts'
import { parseDigest, parseTag } from '../../oci/index.ts'
import { originOf } from '../content/origin.ts'
import { AttributesMalformed, TagUnknown } from '../failures.ts'
import { type Attributes, REPOSITORY, type Subject } from '../locks/attributes.ts'
import { answerEmpty, answerJson } from './answer.ts'
import type { DataPlaneParts, Exchange } from './exchange.ts'
import { getManifestMetadata, getRepository, getTag } from './serve-metadata.ts'

// ACR's metadata API: what it changes. A change answers with what GET would say then.

export async function patchRepository(parts: DataPlaneParts, exchange: Exchange): Promise<void> {
  await change(parts, exchange, REPOSITORY)
  await getRepository(parts, exchange)
}

export async function patchTag(parts: DataPlaneParts, exchange: Exchange): Promise<void> {
  await change(parts, exchange, { kind: 'tag', name: parseTag(exchange.route.rest) })
  await getTag(parts, exchange)
}

export async function patchManifest(parts: DataPlaneParts, exchange: Exchange): Promise<void> {
  await change(parts, exchange, { kind: 'manifest', name: parseDigest(exchange.route.rest) })
  await getManifestMetadata(parts, exchange)
}

export async function deleteRepository({ registry }: DataPlaneParts, exchange: Exchange): Promise<void> {
  const { req, res, repo, caller, tenantId } = exchange
  const { manifests, tags } = await registry.deleteRepository(repo, originOf(req, caller, tenantId))
  answerJson(res, 202, JSON.stringify({ manifestsDeleted: manifests, tagsDeleted: tags }))
}

/** The manifest stays, and with it what other tags it has. */
export async function untag({ registry }: DataPlaneParts, exchange: Exchange): Promise<void> {
  const { req, res, repo, route, caller, tenantId } = exchange
  const tag = parseTag(route.rest)
  if (!(await registry.deleteTag(repo, tag, originOf(req, caller, tenantId)))) throw TagUnknown(repo.repository, tag)
  answerEmpty(res, 202, [])
}

async function change({ registry }: DataPlaneParts, exchange: Exchange, of: Subject): Promise<void> {
  const { req, repo, caller, tenantId } = exchange
  const set = await readAttributes(req)
  // Nothing to set is nothing to write down: the answer tells whether it is here.
  if (Object.keys(set).length > 0) await registry.setAttributes(repo, of, set, originOf(req, caller, tenantId))
}

// All four are 100 bytes.
const BODY_BYTES = 4096

const flag = z.boolean().optional()
// Strict: what is not known here (quarantineState, teleportEnabled) must not look as if it had been set.
const bodyShape = z.strictObject({ readEnabled: flag, writeEnabled: flag, deleteEnabled: flag, listEnabled: flag })

async function readAttributes(req: Exchange['req']): Promise<Partial<Attributes>> {
  const { data, error } = bodyShape.safeParse(parseJson(await readBody(req, BODY_BYTES)))
  if (error) throw AttributesMalformed(error.issues[0]?.message.slice(0, 200) ?? 'it is no object')
  return {
    ...(data.readEnabled === undefined ? {} : { read: data.readEnabled }),
    ...(data.writeEnabled === undefined ? {} : { write: data.writeEnabled }),
    ...(data.deleteEnabled === undefined ? {} : { delete: data.deleteEnabled }),
    ...(data.listEnabled === undefined ? {} : { list: data.listEnabled }),
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw AttributesMalformed('it is not JSON').from(error)
  }
}
