import type { Connection } from 'vscode-languageserver/node'
import type { HandlerEvent } from '../config/types.ts'
import type { Handlers } from './handlers.ts'
import type { Project } from './projects.ts'

/** Tells the editor by a notification `towpathMentor/…`, and the team's programs by their standard input. */
export type Events = {
  tell(event: HandlerEvent, facts: Readonly<Record<string, unknown>>, projects: readonly Project[]): void
}

export function createEvents(connection: Connection, handlers: Handlers): Events {
  return {
    tell(event, facts, projects) {
      // A connection that is gone ends the process; nobody waits for this one.
      void connection.sendNotification(`towpathMentor/${event}`, facts)
      const all = projects.flatMap(({ loaded }) => loaded.config.handlers)
      // Folders below each other share a file, and the program in it is told once.
      const each = new Map(all.map(handler => [JSON.stringify(handler), handler]))
      for (const handler of each.values()) {
        if (handler.on.includes(event)) handlers.run(handler, { event, ...facts })
      }
    },
  }
}
