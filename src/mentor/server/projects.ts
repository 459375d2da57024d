import { realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { allLines, type LineSet, openWorkTree, type WorkTree } from '../../git/index.ts'
import { type Clock, failure, isCode } from '../../kernel/index.ts'
import { loadMentorConfig } from '../config/load.ts'
import type { GoldenSource, LoadedConfig } from '../config/types.ts'
import type { RepositoryFacts } from '../norms/question.ts'
import type { Library } from './library.ts'

/** Where a file is worked on: its repository, and the configuration that counts there. */
export type Project = {
  /** Root of the repository, or the folder itself where there is none. */
  readonly root: string
  readonly loaded: LoadedConfig
  /** From the root, with `/`. */
  pathOf(file: string): string
  facts(): Promise<RepositoryFacts>
  /** Of a path from the root. Where there is no repository nothing is. */
  isIgnored(path: string): Promise<boolean>
  /** All of them where there is no repository: everything in it is new. */
  changedLines(path: string, text: string): Promise<LineSet>
}

export type Projects = {
  /** Of the folder in which the file lies. */
  of(file: string): Promise<Project>
  /** The same, or that of the first folder where it is about no file. */
  at(file: string | undefined): Promise<Project>
  /** Those that were looked at since configuration was read. */
  known(): readonly Project[]
  /** What all of them call golden, those of the folders that the editor has open first. */
  golden(): Promise<readonly GoldenSource[]>
  /** Reads configuration and lists of files anew when they are needed next. */
  forget(): void
  close(): void
}

export type ProjectsOptions = {
  clock: Clock
  /** Of `placesOf`. */
  state: string
  library: Pick<Library, 'use'>
  /** That the editor has open. */
  folders(): readonly string[]
  /** Texts of `archangel.json` that are open, by real path. */
  unsaved(): Promise<ReadonlyMap<string, string>>
}

const FolderMissing = failure('MENTOR_FOLDER_MISSING', 400, () => ({
  says: 'No folder is open, so there is no archangel.json that says what is golden',
  next: 'Open the folder of your project in the editor',
}))

/** A workspace of 50,000 files has fewer folders that somebody writes in. */
const MOST_FOLDERS = 500

export function createProjects({ clock, state, library, folders, unsaved }: ProjectsOptions): Projects {
  let byFolder = new Map<string, Promise<Project>>()
  let opened: Project[] = []
  let factsOf = new Map<string, Promise<RepositoryFacts>>()
  const trees = new Map<string, WorkTree>()
  let closed = false

  /** One process of git for each repository, however many folders of it are open. */
  async function treeOf(folder: string): Promise<WorkTree | undefined> {
    const tree = await openWorkTree({ dir: folder, clock })
    if (tree === undefined) return undefined
    if (closed) tree.close()
    const known = trees.get(tree.root)
    if (known === undefined) {
      trees.set(tree.root, tree)
      return tree
    }
    tree.close()
    return known
  }

  async function open(folder: string): Promise<Project> {
    const { asked, real } = await findFolder(folder)
    const [tree, loaded] = await Promise.all([
      treeOf(real),
      loadMentorConfig({ folder: real, state, open: await unsaved() }),
    ])
    const root = tree?.root ?? dirname(loaded.files[0] ?? join(real, 'archangel.json'))
    return {
      root,
      loaded,
      pathOf: file =>
        relative(root, join(real, relative(asked, file)))
          .split(sep)
          .join('/'),
      async facts() {
        const known = factsOf.get(root) ?? readFacts(tree)
        factsOf.set(root, known)
        return known
      },
      isIgnored: async path => (tree ? tree.isIgnored(path) : false),
      changedLines: async (path, text) => (tree ? tree.changedLines(path, text) : allLines),
    }
  }

  function ofFolder(folder: string): Promise<Project> {
    const known = byFolder.get(folder)
    if (known) return known
    if (byFolder.size >= MOST_FOLDERS) forget()
    const project = open(folder)
    byFolder.set(folder, project)
    project.then(
      one => {
        opened.push(one)
        library.use(goldenOf(opened))
      },
      // What failed is tried again next time.
      () => byFolder.delete(folder),
    )
    return project
  }

  function forget(): void {
    byFolder = new Map()
    factsOf = new Map()
    opened = []
  }

  return {
    of: file => ofFolder(dirname(file)),
    async at(file) {
      const [folder] = file === undefined ? folders() : [dirname(file)]
      if (folder === undefined) throw FolderMissing()
      return ofFolder(folder)
    },
    known: () => opened,
    async golden() {
      return goldenOf([...(await Promise.all(folders().map(ofFolder))), ...opened])
    },
    forget,
    close() {
      closed = true
      for (const tree of trees.values()) tree.close()
    },
  }
}

function goldenOf(projects: readonly Project[]): GoldenSource[] {
  const all = projects.flatMap(({ loaded }) => loaded.config.golden)
  return [...new Map(all.map(one => [JSON.stringify(one), one])).values()]
}

async function readFacts(tree: WorkTree | undefined): Promise<RepositoryFacts> {
  return { paths: new Set(await tree?.files()) }
}

/**
 * The folder, or the nearest above it that there is: a new file may lie in one that is made when it is saved. git and
 * the configuration know real paths, an editor the one by which it came.
 */
async function findFolder(folder: string): Promise<{ asked: string; real: string }> {
  for (let asked = folder; ; asked = dirname(asked)) {
    try {
      return { asked, real: await realpath(asked) }
    } catch (error) {
      if (!isCode(error, 'ENOENT', 'ENOTDIR') || asked === dirname(asked)) throw error
    }
  }
}
