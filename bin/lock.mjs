// One installation or build at a time per clone. Plain JavaScript without dependencies: Node 20 must read it.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Undefined where there is no such file. */
export function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** `root`: the clone. The file is outside of it: npm empties node_modules. */
export async function withLock(root, work) {
  const dir = join(tmpdir(), `towpath-install-${process.getuid?.() ?? 'user'}`)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = join(dir, `${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`)
  let told = false
  while (!take(file)) {
    const holder = Number(readText(file))
    if (Number.isInteger(holder) && holder > 0 && !isAlive(holder)) {
      breakLock(file, holder)
      continue
    }
    if (!told) process.stderr.write(`Waiting for another installation in ${root} (process ${holder}) …\n`)
    told = true
    await sleep(200)
  }
  const release = () => rmSync(file, { force: true })
  process.on('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function take(file) {
  try {
    const handle = openSync(file, 'wx')
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function breakLock(file, holder) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  // Between looking and moving another run may have taken it: give it back.
  if (Number(readText(aside)) !== holder && !existsSync(file)) renameSync(aside, file)
  else rmSync(aside, { force: true })
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
