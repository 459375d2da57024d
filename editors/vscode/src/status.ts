import { type Disposable, StatusBarAlignment, window } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import type { IndexProgress } from './protocol.ts'

/** One item in the status bar: what the index does. A click asks the mentor for all of it. */
export function createStatus(client: Pick<BaseLanguageClient, 'onNotification'>): Disposable {
  const item = window.createStatusBarItem('towpath.mentor.status', StatusBarAlignment.Right)
  item.name = 'Mentor'
  item.command = 'towpath.mentor.status'
  item.text = '$(mortar-board) Mentor'
  item.tooltip = 'What the mentor knows and does'
  item.show()
  client.onNotification('towpathMentor/indexProgress', (progress: IndexProgress) => {
    item.text = `$(mortar-board) ${wordsOf(progress)}`
  })
  return item
}

function wordsOf({ done, total }: IndexProgress): string {
  if (total === 0 || done >= total) return 'Mentor'
  return `Indexing ${Math.floor((done / total) * 100)} %`
}
