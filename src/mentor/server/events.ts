import type { Connection } from 'vscode-languageserver/node'
import type { HandlerEvent } from '../config/types.ts'
import type { Handlers } from './handlers.ts'
import type { Project } from './projects.ts'

/** Tells the editor by a notification `towpathMentor/…`, and the team's programs by their standard input. */
export type Events = {
  tell(event: HandlerEvent, facts: Readonly<Record<string, unknown>>, project?: Project): void
}

export function createEvents(connection: Connection, handlers: Handlers): Events {
  return {
    tell(event, facts, project) {
      // A connection that is gone ends the process; nobody waits for this one.
      void connection.sendNotification(`towpathMentor/${event}`, facts)
      for (const handler of project?.loaded.config.handlers ?? []) {
        if (handler.on.includes(event)) handlers.run(handler, { event, ...facts })
      }
    },
  }
}
