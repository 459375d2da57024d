import { window } from 'vscode'

const MODES = [
  { label: 'learning', description: 'hints, one step at a time; no code is written for you' },
  { label: 'pairing', description: 'hints with all their steps, and single statements to complete' },
  { label: 'off', description: 'no hints' },
]

/** The arguments of a command with what the user was asked for it; undefined where the user turned away. */
export async function asked(command: string, args: unknown[]): Promise<unknown[] | undefined> {
  if (command === 'towpath.mentor.wipe') {
    const detail = 'All that was indexed of golden repositories is removed from this machine. Indexing brings it back.'
    const answer = await window.showWarningMessage('Wipe the mentor’s index?', { modal: true, detail }, 'Wipe')
    return answer && args
  }
  if (command === 'towpath.mentor.mode' && args.length === 0) {
    const mode = await window.showQuickPick(MODES, { title: 'How the mentor helps' })
    return mode && [{ mode: mode.label }]
  }
  if (command === 'towpath.mentor.mute') {
    const [mute, ...more] = args
    const value = typeof mute === 'object' && mute !== null && 'reason' in mute ? String(mute.reason) : ''
    const reason = await window.showInputBox({
      title: 'Mute',
      prompt: 'Why does it not hold here? A mute for the team shows the reason to the team.',
      value,
      ignoreFocusOut: true,
      validateInput: text => (text.trim() === '' ? 'Say why: reasons tell which norms are disputed' : undefined),
    })
    return reason === undefined ? undefined : [{ ...(mute as object), reason: reason.trim() }, ...more]
  }
  return args
}
