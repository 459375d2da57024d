import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { type Platform, PROGRAM } from './platform.ts'

export type Ran = { code: number; stdout: string; stderr: string }

type Options = {
  /** Over the platform's own: another user than the admin, another home. */
  env?: Record<string, string>
  /** What stands on standard input. */
  input?: string
}

/** Runs a command line against the platform, as the admin where `env` names nobody else. */
export async function runTowpath(
  platform: Platform,
  args: readonly string[],
  { env = {}, input = '' }: Options = {},
): Promise<Ran> {
  const admin = { TOWPATH_SERVER: platform.control, TOWPATH_PASSWORD: platform.adminPassword }
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...platform.env, ...admin, ...env } })
  // A command that does not read it may have ended before it was written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: Number(code), stdout, stderr }
}

/** The same, for what has to succeed: what it wrote to stdout. */
export async function towpathDone(platform: Platform, args: readonly string[], options?: Options): Promise<string> {
  const { code, stdout, stderr } = await runTowpath(platform, args, options)
  assert.equal(code, 0, `towpath ${args.join(' ')}: ${stderr}`)
  return stdout
}
