// The chat's page. It holds nothing: the extension sends every turn, again where the view was hidden and comes back.
import { type FromPage, MAX_QUESTION, type ToPage, type Turn } from './messages.ts'
import { blocksOf, type Span } from './parts.ts'

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void }
const { postMessage: say } = acquireVsCodeApi()

const log = part('log', HTMLElement)
const form = part('form', HTMLFormElement)
const question = part('question', HTMLTextAreaElement)
const send = part('send', HTMLButtonElement)
const stop = part('stop', HTMLButtonElement)
const heard = part('heard', HTMLElement)
question.maxLength = MAX_QUESTION
let streaming = false

addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.type === 'focus') return question.focus()
  if (data.type === 'turns') log.replaceChildren(...data.turns.map(turnOf))
  else showTurn(data.index, data.turn)
  const last = data.type === 'turns' ? data.turns.at(-1) : data.turn
  showState(last?.state ?? 'done')
})
form.addEventListener('submit', event => {
  event.preventDefault()
  ask()
})
question.addEventListener('keydown', event => {
  // Not while an input method composes: its Enter takes a word.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  ask()
})
addEventListener('keydown', event => {
  if (event.key === 'Escape' && streaming) say({ type: 'stop' })
})
stop.addEventListener('click', () => say({ type: 'stop' }))
say({ type: 'ready' })

function ask(): void {
  const asked = question.value.trim()
  if (asked === '' || streaming) return
  say({ type: 'ask', question: asked })
  question.value = ''
}

function showTurn(index: number, turn: Turn): void {
  const old = log.children[index]
  // Who reads further up is left there.
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
  if (old === undefined) log.append(turnOf(turn, index))
  else old.replaceWith(turnOf(turn, index))
  if (atEnd || old === undefined) log.scrollTop = log.scrollHeight
}

function showState(state: Turn['state']): void {
  if (streaming && state !== 'streaming') heard.textContent = SAID[state]
  else if (!streaming && state === 'streaming') heard.textContent = SAID.streaming
  streaming = state === 'streaming'
  const focused = document.activeElement
  send.hidden = streaming
  stop.hidden = !streaming
  if (focused === send || focused === stop) question.focus()
}

/** One sentence for a screen reader, not every word as it comes. */
const SAID = {
  streaming: 'The mentor answers.',
  done: 'The answer is here.',
  stopped: 'Stopped.',
  failed: 'It failed.',
}

function turnOf(turn: Turn, index: number): HTMLElement {
  const answer = element('div', 'answer')
  for (const block of blocksOf(turn.answer, new Set(turn.sources.map(({ number }) => number)))) {
    if (block.kind === 'code') {
      const code = element('pre')
      // Wide code scrolls, by keys too.
      code.tabIndex = 0
      code.append(element('code', '', block.text))
      answer.append(code)
    } else {
      const paragraph = element('p')
      paragraph.append(...block.spans.map(span => spanOf(span, index, turn)))
      answer.append(paragraph)
    }
  }
  for (const note of turn.notes) answer.append(element('p', 'note', note))
  if (turn.problem !== undefined) answer.append(element('p', 'problem', turn.problem))
  if (turn.state === 'stopped') answer.append(element('p', 'note', 'Stopped.'))
  if (turn.state === 'streaming' && turn.answer === '') answer.append(element('p', 'note', '…'))
  const article = element('article')
  article.append(element('h2', '', turn.question), answer)
  if (turn.sources.length > 0) article.append(sourcesOf(turn, index))
  return article
}

function spanOf(span: Span, index: number, turn: Turn): Node {
  if (span.kind === 'text') return document.createTextNode(span.text)
  if (span.kind === 'code') return element('code', '', span.text)
  if (span.kind === 'mark') return element('em', 'note', span.text)
  const source = turn.sources.find(({ number }) => number === span.number)
  return source === undefined
    ? document.createTextNode(`[${span.number}]`)
    : opener(index, source.number, `[${span.number}]`, source.label)
}

function sourcesOf(turn: Turn, index: number): HTMLElement {
  const list = element('ol', 'sources')
  for (const { number, label } of turn.sources) {
    const item = element('li')
    item.append(opener(index, number, `[${number}] ${label}`, label))
    list.append(item)
  }
  return list
}

/** Opens the golden file, read-only. */
function opener(index: number, number: number, text: string, label: string): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'citation'
  button.textContent = text
  button.title = label
  button.setAttribute('aria-label', `Source ${number}: ${label}`)
  button.addEventListener('click', () => say({ type: 'open', index, number }))
  return button
}

function element(name: string, className = '', text = ''): HTMLElement {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  if (text !== '') made.textContent = text
  return made
}

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}`)
  return found
}
