import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import {
  type ClientCapabilities,
  createProtocolConnection,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import type { World } from './world.fixture.ts'

const LATE_MS = 60_000

export type Client = {
  readonly connection: ProtocolConnection
  readonly initialized: InitializeResult
  /** Runs a command of the mentor. */
  execute(name: string, argument?: object): Promise<unknown>
  close(): Promise<void>
}

/** The protocol's own client, at the other end of a mentor's standard input and output. */
export async function openClient(world: World, capabilities: ClientCapabilities = {}): Promise<Client> {
  const mentor = spawn(world.towpath, ['mentor'], {
    cwd: world.project,
    env: world.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const gone = once(mentor, 'exit')
  let log = ''
  mentor.stderr.setEncoding('utf8').on('data', text => {
    log = (log + text).slice(-10_000)
  })
  const connection = createProtocolConnection(
    new StreamMessageReader(mentor.stdout),
    new StreamMessageWriter(mentor.stdin),
  )
  connection.listen()
  const ask = async <T>(method: string, params: object): Promise<T> => {
    const late = setTimeout(() => mentor.kill('SIGKILL'), LATE_MS)
    const ended = gone.then(() => Promise.reject(new Error(`The mentor ended before it answered ${method}\n${log}`)))
    try {
      return await Promise.race([connection.sendRequest<T>(method, params), ended])
    } finally {
      clearTimeout(late)
    }
  }
  const folder = { uri: pathToFileURL(world.project).href, name: 'project' }
  const initialized = await ask<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: folder.uri,
    workspaceFolders: [folder],
    capabilities,
  })
  await connection.sendNotification('initialized', {})
  return {
    connection,
    initialized,
    execute: (name, argument) =>
      ask('workspace/executeCommand', { command: `towpath.mentor.${name}`, arguments: argument ? [argument] : [] }),
    async close() {
      await ask('shutdown', {})
      await connection.sendNotification('exit')
      const late = setTimeout(() => mentor.kill('SIGKILL'), LATE_MS)
      await gone
      clearTimeout(late)
      connection.dispose()
    },
  }
}
