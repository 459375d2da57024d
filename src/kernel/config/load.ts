import { availableParallelism } from 'node:os'
import { dirname, resolve } from 'node:path'
import { applyOverrides, type Environment, readOverrides } from './env.ts'
import { explain } from './explain.ts'
import { type ConfigFile, readConfigFile } from './file.ts'
import { ConfigInvalid, type Problem } from './problem.ts'
import { type Config, configSchema } from './schema.ts'
import { type KeyPath, keyText } from './walk.ts'
import { contradictions } from './whole.ts'

export type LoadOptions = {
  env: Environment
  /** Path of the YAML file; else TOWPATH_CONFIG, else towpath.yaml in `cwd` where there is one. */
  file?: string | undefined
  cwd?: string
  machine?: { cores: number; platform: string }
}

/** File, then environment over it, then defaults. Throws CONFIG_INVALID with everything that is wrong, not the first thing. */
export function loadConfig(options: LoadOptions): Config {
  const cwd = options.cwd ?? process.cwd()
  const file = readConfigFile({ env: options.env, cwd, file: options.file })
  const { overrides, problems } = readOverrides(options.env)
  const { tree: raw, problems: gaps } = applyOverrides(file.value, overrides)
  problems.push(...gaps)
  const byVariable = new Map(overrides.map(({ path, name }) => [keyText(path), name]))
  const where = (path: KeyPath) => whereSet(path, byVariable, file)

  const parsed = configSchema.safeParse(raw)
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap(issue => explain(issue, { raw, where })))
  if (!parsed.success || problems.length > 0) throw ConfigInvalid(problems)

  const from = (...path: string[]) => (byVariable.has(keyText(path)) || !file.path ? cwd : dirname(file.path))
  const { home, tls, regions, ...rest } = parsed.data
  const config: Config = {
    ...rest,
    home: resolve(from('home'), home ?? resolve(cwd, '.towpath')),
    regions: regions.map(region => ({ ...region, nodes: region.nodes ?? defaultNodes(options.machine) })),
    ...(tls && {
      tls: {
        certificate: resolve(from('tls', 'certificate'), tls.certificate),
        key: resolve(from('tls', 'key'), tls.key),
      },
    }),
  }
  const contradicting: Problem[] = contradictions(config).map(({ path, says, fix }) => ({
    key: keyText(path),
    where: where(path),
    says,
    fix,
  }))
  if (contradicting.length > 0) throw ConfigInvalid(contradicting)
  return config
}

function whereSet(path: KeyPath, byVariable: ReadonlyMap<string, string>, file: ConfigFile): string {
  const text = keyText(path)
  const variable = byVariable.get(text)
  if (variable) return `environment ${variable}`
  // A map that only variables fill: name one of them.
  const below = [...byVariable].find(([key]) => key.startsWith(`${text}.`))
  return below && !file.path ? `environment ${below[1]}` : file.where(path)
}

/** Two processes share a port only by reusePort, which balances on Linux alone. */
function defaultNodes(machine = { cores: availableParallelism(), platform: process.platform as string }): number {
  return machine.platform === 'linux' && machine.cores >= 2 ? 2 : 1
}
