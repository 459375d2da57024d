import type { ImageSettings as Settings } from '../../../../src/api/index.ts'
import { Facts } from '../../ui/facts.tsx'
import { Panel } from '../../ui/page.tsx'
import { plural } from '../../ui/plural.ts'
import { Time } from '../../ui/time.tsx'

/** How an image runs, as its config says. */
export function ImageSettings({ settings }: { settings: Settings }) {
  const { created, entrypoint, command, folder, user, ports, variables } = settings
  const built = Date.parse(created)
  return (
    <Panel title="How it runs">
      <Facts
        facts={[
          // Reproducible builds say 1970, or nothing.
          ...(built > 0 ? [['Built', <Time key="built" at={built} exact />] as const] : []),
          ['Entrypoint', <Words key="entrypoint" words={entrypoint} />],
          ['Command', <Words key="command" words={command} />],
          ...(folder === '' ? [] : [['Folder', <code key="folder">{folder}</code>] as const]),
          ['User', user === '' ? 'root' : user],
          ...(ports.length === 0 ? [] : [['Ports', ports.join(', ')] as const]),
          ['Variables', variables === 0 ? 'None' : `${plural(variables, 'variable')}, not shown: they may be secret`],
        ]}
      />
    </Panel>
  )
}

function Words({ words }: { words: readonly string[] }) {
  return words.length === 0 ? <span className="text-soft">None</span> : <code>{words.map(quoted).join(' ')}</code>
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word)
}
