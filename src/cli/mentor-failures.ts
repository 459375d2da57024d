import { failure } from '../kernel/index.ts'

export const ConfigThere = failure('MENTOR_CONFIG_THERE', 409, (path: string) => ({
  says: `${path} is there already`,
  next: 'Add to its "repositories", then: towpath mentor index',
}))

export const Interrupted = failure('MENTOR_INTERRUPTED', 499, () => ({
  says: 'Stopped',
  next: 'Run it again: it goes on from here, and what was indexed before is whole',
}))

export const NotGolden = failure('MENTOR_NOT_GOLDEN', 404, (name: string, known: readonly string[]) => ({
  says: `archangel.json names no golden repository "${name}"`,
  next: `Name one of: ${known.join(', ')}`,
}))

export const NotOurDocument = failure('MENTOR_NOT_OUR_DOCUMENT', 409, (path: string) => ({
  says: `${path} is there, and not written by this command`,
  next: 'Move it away, or name another folder: --out',
}))
