import { isSecretName } from '../../kernel/index.ts'
import type { Redaction } from './types.ts'

type Rule = {
  kind: string
  pattern: RegExp
  /** By the groups of a match: what stays before and after; undefined where it is no secret. Without it all goes. */
  keep?(found: readonly string[]): readonly [string, string] | undefined
}

const NOTHING = ['', ''] as const

/** Tokens that say what they are by how they begin; each at its shortest, so that a longer one is found too. */
const TOKENS: Readonly<Record<string, RegExp>> = {
  'a GitHub token': /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  'a GitLab token': /\bgl(?:pat|dt|rt|cbt|ptt)-[\w-]{16,255}/g,
  'an AWS key': /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  'a Slack token': /\bxox[abeoprs]-[\w-]{10,255}|https:\/\/hooks\.slack\.com\/[\w/-]{10,255}/g,
  'a Google key': /\bAIza[\w-]{30,60}|\bya29\.[\w-]{20,500}/g,
  'a Stripe key': /\b[rsp]k_(?:live|test)_[A-Za-z0-9]{10,255}/g,
  'a model provider’s key': /\bsk-[A-Za-z0-9_-]{16,255}/g,
  'an npm token': /\bnpm_[A-Za-z0-9]{30,60}/g,
  'a PyPI token': /\bpypi-[\w-]{40,500}/g,
  'a Hugging Face token': /\bhf_[A-Za-z0-9]{20,60}/g,
  'a SendGrid key': /\bSG\.[\w-]{16,60}\.[\w-]{16,60}/g,
  'a DigitalOcean token': /\bdo[opr]_v1_[a-f0-9]{40,80}/g,
  'a Vault token': /\bhv[sbr]\.[\w-]{20,500}/g,
  'a JSON web token': /\beyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{0,2000}/g,
  'an age key': /\bAGE-SECRET-KEY-1[A-Z0-9]{20,80}/g,
}

/** Words that stand where a secret will be, and no secret. */
const PLACEHOLDER =
  /^(?:\[an? |\$\{|\$\(|\{\{|<[^>]*>$|%\w+%$|env:|file:\/|\.{3}|x{3,}$|\*{3,}|process\.env|your[-_ ]|change-?me$|placeholder|none$|null$|true$|false$)/i
const VARIABLE = /^\$[A-Z_][A-Z0-9_]*$/
const QUOTED = /(?<quote>["'`])((?:(?!\k<quote>)[^\\\n]|\\.){1,500})\k<quote>/.source

const RULES: readonly Rule[] = [
  {
    kind: 'a private key',
    // One without an end goes to the end: half a key is no reason to send the other half. Code that only looks for such a line stays.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?=(?:\s|\\[nr])*(?:[A-Za-z0-9+/=]{16}|Proc-Type:|Version:|Comment:))(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)/g,
  },
  ...Object.entries(TOKENS).map(([kind, pattern]) => ({ kind, pattern })),
  {
    kind: 'a password in a URL',
    pattern: /(:\/\/[^\s/:@"'`]{0,200}:)([^\s/@"'`]{1,500})@/g,
    keep: ([, before = '', value = '']) => (standsForSecret(value) ? undefined : [before, '@']),
  },
  {
    kind: 'a secret in a URL',
    pattern: /([?&](?:[a-z0-9_-]{0,40}(?:token|secret|password|signature|credential|key)|sig)=)([^&\s"'`]{4,2000})/gi,
    keep: ([, before = '', value = '']) => (standsForSecret(value) ? undefined : [before, '']),
  },
  {
    kind: 'credentials of a header',
    pattern: /\b((?:bearer|basic)\s{1,5})([A-Za-z0-9._~+/=-]{8,4000})/gi,
    // "Basic functionality" is none.
    keep: ([, before = '', value = '']) => (/\d|=$|[a-z][A-Z]/.test(value) ? [before, ''] : undefined),
  },
  {
    kind: 'a part of a connection string',
    pattern:
      /\b((?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s{0,5}=\s{0,5})([^;"'`\s]{4,2000})(?=;|["'`])/gi,
    keep: ([, name = '', value = '']) => (standsForSecret(value) ? undefined : [name, '']),
  },
  {
    // `apiKey: "…"`, `"password" = '…'`, `token := "…"`, `DB_PASSWORD => "…"`.
    kind: 'a text that its name calls a secret',
    pattern: new RegExp(`([\\w.-]{2,80})(["'\`]?\\]?\\s{0,20}(?::=|=>|[:=])\\s{0,20})${QUOTED}`, 'g'),
    keep: ([, name = '', between = '', quote = '', value = '']) =>
      isSecretName(lastWord(name)) && value.length >= 4 && !standsForSecret(value)
        ? [`${name}${between}${quote}`, quote]
        : undefined,
  },
  {
    // `PASSWORD=hunter2x`, `password: hunter2x`: only what no type, call or word is.
    kind: 'a text that its name calls a secret',
    pattern:
      /^([ \t]*(?:-[ \t]+|export[ \t]+|set[ \t]+)?)([\w.-]{2,80})([ \t]*[:=][ \t]*)([^\s"'`(){}<>,;]{6,2000})[ \t]*$/gm,
    keep: ([, before = '', name = '', between = '', value = '']) =>
      isSecretName(lastWord(name)) && /\d/.test(value) && /[A-Za-z]/.test(value) && !standsForSecret(value)
        ? [`${before}${name}${between}`, '']
        : undefined,
  },
  {
    kind: 'a text that looks like a key',
    pattern: /(["'`])([A-Za-z0-9+/_-]{32,512}={0,2})\1/g,
    keep: ([, quote = '', value = '']) => (looksRandom(value) ? [quote, quote] : undefined),
  },
]

/** The text as it may be sent: what looks like a secret is gone, and said where it was. Lines stay where they are. */
export function redactText(text: string): { text: string; redacted: Redaction[] } {
  const redacted: Redaction[] = []
  let left = text
  for (const { kind, pattern, keep } of RULES) {
    const lineAt = lines(left)
    left = left.replace(pattern, (...found: unknown[]) => {
      const at = found.findIndex(one => typeof one === 'number')
      const groups = found.slice(0, at).map(group => (typeof group === 'string' ? group : ''))
      const kept = keep ? keep(groups) : NOTHING
      const [whole = ''] = groups
      if (!kept) return whole
      redacted.push({ kind, line: lineAt(Number(found[at])) })
      const secret = whole.slice(kept[0].length, whole.length - kept[1].length)
      return `${kept[0]}[${kind}]${secret.replace(/[^\n]+/g, '')}${kept[1]}`
    })
  }
  return { text: left, redacted: redacted.toSorted((a, b) => a.line - b.line) }
}

function standsForSecret(value: string): boolean {
  return PLACEHOLDER.test(value) || VARIABLE.test(value)
}

/** `config.db.password` is called by its last word. */
function lastWord(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Offsets to 1-based lines, for offsets that only grow. */
function lines(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return offset => {
    for (; next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) line++
    return line
  }
}

/** Digits and both cases, and hardly a letter twice as often as chance has it. Digests in hex or behind `sha512-` are none. */
function looksRandom(value: string): boolean {
  if (/^sha\d+-/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value)) return false
  const counts = Map.groupBy(value, letter => letter)
  const bits = [...counts.values()].reduce((sum, { length }) => {
    const share = length / value.length
    return sum - share * Math.log2(share)
  }, 0)
  return bits > 4.3
}
