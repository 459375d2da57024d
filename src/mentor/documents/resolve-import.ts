import { posix } from 'node:path'
import { fileTarget } from '../search/import-target.ts'
import type { SourceFile } from './material.ts'

type Imported = SourceFile['imports'][number]

/**
 * Finds the file, or for Go and C# the folder, that an import leads to inside the repository. `goModule` is what
 * `go.mod` calls it. What leads outside, or can't be told, is undefined.
 */
export function importResolver(
  files: readonly SourceFile[],
  goModule: string | undefined,
): (file: SourceFile, imported: Imported) => string | undefined {
  const byTarget = new Map(files.map(({ path }) => [fileTarget(path), path]))
  const folders = new Set(files.map(({ path }) => posix.dirname(path)))
  const roots = pythonRoots(files)
  const java = new Map(files.filter(({ language }) => language === 'java').flatMap(({ path }) => suffixes(path)))
  const namespaces = [...folders].map(folder => ({ folder, dotted: `.${folder.replaceAll('/', '.')}` }))

  return ({ language }, { specifier, target }) => {
    if (language === 'python' && !specifier.startsWith('.')) return dotted(specifier, roots, byTarget)
    if (language === 'java') return java.get(specifier.replaceAll('.', '/'))
    if (language === 'csharp') return namespaces.find(one => one.dotted.endsWith(`.${specifier}`))?.folder
    if (language === 'go') {
      const folder = goModule === undefined ? undefined : below(specifier, goModule)
      return folder !== undefined && folders.has(folder) ? folder : undefined
    }
    return byTarget.get(target)
  }
}

/** Folders from which packages are counted: those that hold a package and are none. */
function pythonRoots(files: readonly SourceFile[]): string[] {
  const packages = new Set(
    files.filter(({ path }) => posix.basename(path) === '__init__.py').map(({ path }) => posix.dirname(path)),
  )
  const roots = [...packages].map(folder => posix.dirname(folder)).filter(folder => !packages.has(folder))
  return [...new Set(['.', ...roots])]
}

/** `a.b.c` is the module a/b/c, or the name c of the module a/b. */
function dotted(
  specifier: string,
  roots: readonly string[],
  byTarget: ReadonlyMap<string, string>,
): string | undefined {
  const parts = specifier.split('.')
  for (const many of [parts.length, parts.length - 1]) {
    for (const root of many > 0 ? roots : []) {
      const found = byTarget.get(posix.join(root, ...parts.slice(0, many)))
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** A class by its path from any folder that has a package in it: `com/acme/Web` of `src/main/java/com/acme/Web.java`. */
function suffixes(path: string): [string, string][] {
  const parts = path.replace(/\.java$/, '').split('/')
  return parts.slice(0, -1).map((_, at) => [parts.slice(at).join('/'), path])
}

function below(specifier: string, module: string): string | undefined {
  if (specifier === module) return '.'
  return specifier.startsWith(`${module}/`) ? specifier.slice(module.length + 1) : undefined
}
