import type { Citation } from '../citations/citation.ts'
import type { GoldenReader } from '../citations/golden-reader.ts'
import type { Norm, Thresholds } from '../norms/norm.ts'
import type { Words } from '../norms/question.ts'
import type { Golden, SearchIndex } from '../search/passage.ts'
import { codeStyleValues } from './code-style.ts'
import { CODE_STYLE_TEMPLATE } from './code-style-template.ts'
import { type Material, readMaterial } from './material.ts'
import { createScribe, type Scribe, type Tell } from './scribe.ts'
import { fillTemplate } from './template.ts'
import { wikiValues } from './wiki.ts'
import { WIKI_TEMPLATE } from './wiki-template.ts'

export type DocumentKind = 'codeStyle' | 'wiki'

type DocumentSources = {
  index: SearchIndex
  golden: Golden
  reader: GoldenReader
  mined: { norms: readonly Norm[]; undecided: readonly Norm[]; thresholds: Thresholds }
  wordsFor(norm: Norm): Promise<Words | undefined>
  /** The team's own format. */
  template?: string
  /** A model that rewrites prose; without one the document is complete as it is. */
  tell?: Tell
  signal: AbortSignal
}

export type MentorDocument = { readonly markdown: string; readonly citations: readonly Citation[] }

/** The same index gives the same bytes. */
export async function makeDocument(kind: DocumentKind, sources: DocumentSources): Promise<MentorDocument> {
  const { index, golden, reader, tell = same, signal } = sources
  const scribe = createScribe({ reader, tell, signal })
  const materials = golden
    .map(({ name }) => readMaterial(index, name))
    .filter(material => material !== undefined)
    .sort((a, b) => (a.repository < b.repository ? -1 : 1))
  const values = kind === 'wiki' ? await wikiValues(materials, scribe) : await codeStyle(sources, materials, scribe)
  const template = sources.template ?? (kind === 'wiki' ? WIKI_TEMPLATE : CODE_STYLE_TEMPLATE)
  return { markdown: tidy(fillTemplate(template, values)), citations: scribe.citations }
}

function codeStyle({ mined, wordsFor }: DocumentSources, materials: readonly Material[], scribe: Scribe) {
  const repositories = materials.map(({ repository, commit, files }) => ({
    name: repository,
    commit,
    files: files.length,
  }))
  return codeStyleValues({ ...mined, wordsFor, repositories }, scribe)
}

async function same(paragraph: string): Promise<string> {
  return paragraph
}

/** Lists that are empty leave blank lines behind. */
function tidy(markdown: string): string {
  return `${markdown.replace(/\n{3,}/g, '\n\n').trim()}\n`
}
