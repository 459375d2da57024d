type Local = { configFile?: string | undefined; env: Readonly<Record<string, string | undefined>> }

/** What runs on the platform's own machine, given to the command line by main.ts. */
export type LocalCommands = {
  up(options: Local & { command: string }): Promise<number>
  serve(
    role: 'control' | 'writer' | 'region',
    options: Local & { region?: string | undefined; node?: number | undefined; supervised?: boolean | undefined },
  ): Promise<number>
  backup(options: Local & { to: string; acceptLost: boolean }): Promise<number>
  restore(options: Local & { from: string }): Promise<number>
  rotateOffline(options: Local & { slot: 1 | 2 }): Promise<{ user: string; slot: number; password: string }>
  readConfig(options: Local): Promise<unknown>
  configSchema(): Promise<Record<string, unknown>>
  reloadable(): Promise<readonly { key: string; reloads: string }[]>
}
