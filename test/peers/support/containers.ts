import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Login } from './client.ts'
import { run } from './process.ts'
import { debianPeer } from './tools.ts'

export type ContainerTool = {
  (...args: string[]): Promise<string>
  /** A folder of this test's own, gone with `close`. */
  dir: string
  close(): void
}

/**
 * skopeo, podman or buildah with a home, an image store and credentials of their own, so that nothing of the
 * machine's set-up helps or hinders. Nothing here runs a container.
 */
export function containerTool(name: 'skopeo' | 'podman' | 'buildah', host: string, login?: Login): ContainerTool {
  const path = debianPeer(name)
  const dir = mkdtempSync(join(tmpdir(), `towpath-${name}-`))
  const settings = join(dir, '.config/containers')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}')
  writeFileSync(join(settings, 'registries.conf'), `[[registry]]\nlocation = "${host}"\ninsecure = true\n`)
  const auth = login ? { auth: Buffer.from(`${login.user}:${login.password}`).toString('base64') } : undefined
  // Where XDG_RUNTIME_DIR is `dir`; `manifest inspect` reads no other place, not even REGISTRY_AUTH_FILE.
  mkdirSync(join(dir, 'containers'))
  writeFileSync(join(dir, 'containers/auth.json'), JSON.stringify({ auths: auth ? { [host]: auth } : {} }))
  // vfs needs no kernel support; cgroups and events are podman's, and no business of a push.
  const store = ['--root', join(dir, 'store'), '--runroot', join(dir, 'run'), '--storage-driver', 'vfs']
  const flags = {
    skopeo: [],
    buildah: store,
    podman: [...store, '--cgroup-manager', 'cgroupfs', '--events-backend', 'file', '--tmpdir', join(dir, 'tmp')],
  }[name]
  const env = {
    ...process.env,
    HOME: dir,
    XDG_RUNTIME_DIR: dir,
    TMPDIR: dir,
  }
  const call = (...args: string[]) => run(path, [...flags, ...args], { env, cwd: dir })
  return Object.assign(call, { dir, close: () => rmSync(dir, { recursive: true, force: true }) })
}
