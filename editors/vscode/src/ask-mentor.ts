import { CancellationTokenSource } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import type { Ask } from './conversation.ts'
import type { ChatAnswer, ChatDelta } from './protocol.ts'

/** Each question goes on with what was asked before, but for the first of a new chat. */
export function askMentor(client: Pick<BaseLanguageClient, 'sendRequest' | 'onNotification'>): Ask {
  let conversation: string | undefined
  return async (question, { onText, signal, isNew }) => {
    if (isNew) conversation = undefined
    let sofar = ''
    const listening = client.onNotification('towpathMentor/chatDelta', ({ text }: ChatDelta) => {
      sofar += text
      onText(sofar)
    })
    const cancel = new CancellationTokenSource()
    signal.addEventListener('abort', () => cancel.cancel(), { once: true })
    try {
      const asked = { question, ...(conversation === undefined ? {} : { conversation }) }
      const answer = await client.sendRequest<ChatAnswer>('towpathMentor/chat', asked, cancel.token)
      conversation = answer.conversation
      return { text: answer.text, sources: answer.citations, notes: answer.notes }
    } finally {
      listening.dispose()
      cancel.dispose()
    }
  }
}
