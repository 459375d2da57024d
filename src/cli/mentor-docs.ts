import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import type { DocumentKind, ProjectDocument } from '../mentor/index.ts'
import { clock } from './clock.ts'
import { FileUnwritable } from './failures.ts'
import { NotOurDocument } from './mentor-failures.ts'
import { untilInterrupt, withIndexed } from './mentor-session.ts'
import { say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

type Options = Output & { out: string; codeStyle?: boolean; wiki?: boolean; model: boolean }

const FILES: Readonly<Record<DocumentKind, string>> = { codeStyle: 'code-style.md', wiki: 'wiki.md' }
/** Ends each document, so that nothing that people wrote is ever overwritten. */
const MARK = '<!-- Made by "towpath mentor docs", and overwritten by it. -->'

export function docsCommand(): Command {
  return outputOptions(
    new Command('docs').description('Write Code Style and Wiki of the golden repositories, each place in them cited.'),
  )
    .option('--out <folder>', 'where to', 'docs')
    .option('--code-style', 'Code Style alone')
    .option('--wiki', 'Wiki alone')
    .option('--no-model', 'leave the paragraphs as they are, also where archangel.json names a model')
    .addHelpText(
      'after',
      `
Examples:
  towpath mentor docs
  towpath mentor docs --code-style --out handbook

The format is yours: "documents" of archangel.json names a template and what a model is told.
A model only tells paragraphs in other words; without one the documents are complete.`,
    )
    .action(async ({ out, codeStyle, wiki, model, ...options }: Options) => {
      const kinds = (['codeStyle', 'wiki'] as const).filter(kind =>
        codeStyle === wiki ? true : { codeStyle, wiki }[kind],
      )
      const written = await withIndexed(({ folder, loaded, library }) =>
        untilInterrupt(async signal => {
          const { projectDocument } = await import('../mentor/index.ts')
          const rows: Written[] = []
          for (const kind of kinds) {
            const path = join(out, FILES[kind])
            await refuseOthers(path)
            const project = { library, config: loaded.config, folder, clock, env: process.env, signal, retell: model }
            const document = await projectDocument(kind, project)
            await write(out, path, document)
            if (document.retold) sayHow(path, document.retold)
            rows.push({ document: kind, path, citations: document.citations.length })
          }
          return rows
        }),
      )
      await show(options, written, {
        rows: written,
        empty: 'Nothing was written.',
        columns: [
          { title: 'DOCUMENT', text: ({ path }: Written) => path },
          { title: 'CITATIONS', text: ({ citations }: Written) => String(citations) },
        ],
      })
    })
}

type Written = { document: DocumentKind; path: string; citations: number }

async function refuseOthers(path: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw FileUnwritable(path, String(error.code ?? error)).from(error)
  })
  if (before !== undefined && !before.includes(MARK)) throw NotOurDocument(path)
}

async function write(folder: string, path: string, { markdown }: ProjectDocument): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(path, `${markdown}\n${MARK}\n`)
  } catch (error) {
    throw FileUnwritable(path, error instanceof Error ? error.message : String(error)).from(error)
  }
}

function sayHow(path: string, { told, kept, failure }: NonNullable<ProjectDocument['retold']>): void {
  const left = kept > 0 ? `, ${kept} stayed as they were: the model changed what was counted or cited` : ''
  say(`${path}: ${told} paragraphs in the model's words${left}.`)
  if (failure) say(`The model was asked no more: ${failure.message}. ${failure.next}.`)
}
