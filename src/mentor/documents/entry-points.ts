import { isTestPath } from '../norms/test-path.ts'
import type { Place } from '../place.ts'
import type { Material } from './material.ts'

type EntryPoint = { readonly kind: 'program' | 'door'; readonly place: Place }

const MOST = 12
const PROGRAM = /^(?:main|Main)$/
const DOOR = /(?:^|\/)(?:index\.[cm]?[jt]sx?|mod\.[jt]s|main\.[cm]?[jt]sx?|__init__\.py|doc\.go)$/
const LAUNCHER = /(?:^|\/)(?:__main__\.py|(?:main|cli|server|app)\.[cm]?[jt]s|bin\/[^/]+|Program\.cs)$/

/** Where reading begins: what runs by itself, and the doors that other code comes in by; the nearest to the root first. */
export function entryPoints({ repository, commit, files }: Material): EntryPoint[] {
  const found = files
    .filter(({ path, language }) => !isTestPath(path, language))
    .flatMap(({ path, language, script, units }): EntryPoint[] => {
      const at = (startLine: number, endLine: number): Place => ({ repository, commit, path, startLine, endLine })
      const main =
        language === 'go' || language === 'java' || language === 'csharp'
          ? units.find(({ kind, name }) => kind !== 'class' && kind !== 'type' && PROGRAM.test(name))
          : undefined
      if (main) return [{ kind: 'program', place: at(main.startLine, Math.min(main.endLine, main.startLine + 19)) }]
      if (script || LAUNCHER.test(path)) return [{ kind: 'program', place: at(1, 1) }]
      return DOOR.test(path) ? [{ kind: 'door', place: at(1, 1) }] : []
    })
  const depth = ({ place }: EntryPoint) => place.path.split('/').length
  const nearest = found.sort((a, b) => depth(a) - depth(b) || (a.place.path < b.place.path ? -1 : 1))
  return (['program', 'door'] as const).flatMap(kind => nearest.filter(one => one.kind === kind).slice(0, MOST))
}
