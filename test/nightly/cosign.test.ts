import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { api, everywhere, makeToken } from '../peers/support/api-token.ts'
import type { Login } from '../peers/support/client.ts'
import { type ContainerTool, containerTool } from '../peers/support/containers.ts'
import { debianImage, type Image } from '../peers/support/image.ts'
import { run } from '../peers/support/process.ts'
import { type Registry, startRegistry } from '../peers/support/registry.ts'
import { goPeer } from '../peers/support/tools.ts'

// A registry that hands out only what cosign signed: who signs needs no exception, who pulls sees no difference.

let registry: Registry
let image: Image
let dir: string
let podman: ContainerTool
const OFFLINE = ['--yes', '--tlog-upload=false', '--use-signing-config=false']
const FIRST_FORM = '--new-bundle-format=false'

before(async () => {
  image = await debianImage()
  registry = await startRegistry()
  dir = mkdtempSync(join(tmpdir(), 'towpath-cosign-'))
  await login('admin', registry.login)
  const actions = (...all: string[]) => all.map(one => `repositories/signed/*/content/${one}`)
  await login('signer', await makeToken(registry, 'signer', actions('read', 'write')))
  const reader = await makeToken(registry, 'reader', actions('read'))
  await login('reader', reader)
  podman = containerTool('podman', registry.host, reader)
  for (const name of ['release', 'stranger']) await cosign('signer', name, 'generate-key-pair')
  for (const name of ['bundle', 'first', 'stranger']) {
    await crane('admin', 'push', image.layout, `${at(name)}:wrapper`, '--index')
    await crane('admin', 'tag', `${at(name)}@${image.index.digest}`, 'v1')
  }
  const pem = readFileSync(join(dir, 'release', 'cosign.pub'), 'utf8')
  const settings = { keys: [{ name: 'release', pem }], refuse: true }
  const policy = { name: 'signed', kind: 'trust', repositories: 'signed/*', settings }
  await api(registry, 'POST', '/api/v1/registries/default/policies', policy)
  const headers = { authorization: `Basic ${btoa(`${reader.user}:${reader.password}`)}` }
  const manifest = `http://${registry.host}/v2/signed/bundle/manifests/v1`
  await everywhere('the policy', async () => (await fetch(manifest, { headers })).status === 403)
})
after(async () => {
  podman?.close()
  await registry?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

const at = (name: string) => `${registry.host}/signed/${name}`

function environment(who: string) {
  const home = join(dir, `home-${who}`)
  mkdirSync(home, { recursive: true })
  return { ...process.env, DOCKER_CONFIG: home, HOME: home, COSIGN_PASSWORD: 'a password of the key' }
}

function crane(who: string, ...args: string[]): Promise<string> {
  return run(goPeer('crane'), ['--insecure', ...args], { env: environment(who), cwd: dir })
}

/** `key`: the folder that its files are in. */
function cosign(who: string, key: string, ...args: string[]): Promise<string> {
  const cwd = join(dir, key)
  mkdirSync(cwd, { recursive: true })
  return run(goPeer('cosign'), args, { env: environment(who), cwd })
}

function login(who: string, { user, password }: Login): Promise<string> {
  return crane(who, 'auth', 'login', registry.host, '-u', user, '-p', password)
}

function refused(name: string): Promise<void> {
  const words = /DENIED: .*trust policy "signed" found no signature by key "release"/
  return assert.rejects(crane('reader', 'manifest', `${at(name)}:v1`), words)
}

async function pulled(name: string): Promise<void> {
  await crane('reader', 'pull', '--platform', 'linux/amd64', `${at(name)}:v1`, join(dir, `${name}.tar`))
  await podman('pull', '--tls-verify=false', `${at(name)}:v1`)
}

test('cosign signs by a bundle: what was refused is pulled, and verified by who may pull alone', async () => {
  await assert.rejects(podman('pull', '--tls-verify=false', `${at('bundle')}:v1`), /denied|trust policy/i)
  const signed = `${at('bundle')}@${image.index.digest}`
  await cosign('signer', 'release', 'sign', '--key', 'cosign.key', ...OFFLINE, signed)
  await pulled('bundle')
  await cosign('reader', 'release', 'verify', '--key', 'cosign.pub', '--insecure-ignore-tlog', signed)
})

test('cosign’s first form, by tag: the same', async () => {
  await refused('first')
  const signed = `${at('first')}@${image.index.digest}`
  await cosign('signer', 'release', 'sign', '--key', 'cosign.key', ...OFFLINE, FIRST_FORM, signed)
  await pulled('first')
  const verify = ['verify', '--key', 'cosign.pub', '--insecure-ignore-tlog', FIRST_FORM, signed]
  await cosign('reader', 'release', ...verify)
  await crane('admin', 'delete', `${at('first')}:${image.index.digest.replace(':', '-')}.sig`)
  await refused('first')
})

test('a signature by another key opens nothing', async () => {
  const signed = `${at('stranger')}@${image.index.digest}`
  await cosign('signer', 'stranger', 'sign', '--key', 'cosign.key', ...OFFLINE, signed)
  await refused('stranger')
})
