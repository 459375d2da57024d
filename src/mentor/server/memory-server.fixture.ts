import { readFileSync } from 'node:fs'
import { createLog, systemClock } from '../../kernel/index.ts'
import { placesOf } from '../config/places.ts'
import { memoryLibrary } from './memory-library.fixture.ts'
import { startServer } from './start.ts'

// Serves over its pipes as `towpath mentor` does, with the golden repositories of the file that is named. Tests only.
const [, , file = ''] = process.argv
startServer({
  input: process.stdin,
  output: process.stdout,
  version: 'test',
  clock: systemClock('mentor'),
  log: createLog({ level: 'info', format: 'text', role: 'mentor' }),
  places: placesOf(process.env),
  env: process.env,
  library: await memoryLibrary(JSON.parse(readFileSync(file, 'utf8'))),
})
