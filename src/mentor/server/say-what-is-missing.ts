import { show } from './hint-commands.ts'
import type { Session } from './session.ts'

/** Once, at the start: nothing is fetched before somebody asks for it, and without an index the mentor is silent. */
export async function sayWhatIsMissing(session: Session): Promise<void> {
  const { projects, library } = session
  const golden = await projects.golden()
  const commits = await Promise.all(golden.map(({ name }) => library.reader.current(name)))
  const missing = golden.filter((_, i) => commits[i] === undefined).map(({ name }) => name)
  if (missing.length === 0) return
  show(session, `Not indexed yet: ${missing.join(', ')}. Run "towpath.mentor.index" here, or "towpath mentor index".`)
}
