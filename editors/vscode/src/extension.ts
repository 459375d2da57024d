import { type ExtensionContext, window, workspace } from 'vscode'
import { LanguageClient } from 'vscode-languageclient/node'
import { createMentor, type Mentor } from './create-mentor.ts'

let mentor: Mentor | undefined

export async function activate(context: ExtensionContext): Promise<void> {
  const command = workspace.getConfiguration('towpath.mentor').get('command', 'towpath')
  mentor = createMentor(
    context.extensionUri,
    options => new LanguageClient('towpath.mentor', 'Towpath Mentor', { command, args: ['mentor'] }, options),
  )
  context.subscriptions.push(...mentor.parts)
  try {
    await mentor.client.start()
  } catch (error) {
    void window.showErrorMessage(
      `Cannot start "${command} mentor": ${(error as Error).message}. Install towpath, or name it in the setting towpath.mentor.command, and reload the window.`,
    )
    throw error
  }
}

export function deactivate(): Promise<void> | undefined {
  return mentor?.client.stop()
}
