/** The query as text; the body as JSON, undefined where there is none. Both are parsed by who answers. */
export type NodeAsked = { readonly query: Readonly<Record<string, string>>; readonly body: unknown }

/** What a node answers to control, by `METHOD path` below /internal/v1/. Who asks was let through by control. */
export type NodeQuestions = Readonly<Record<string, (asked: NodeAsked) => Promise<unknown>>>
