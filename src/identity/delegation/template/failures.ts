import { failure } from '../../../kernel/index.ts'

export const TemplateMalformed = failure('DELEGATION_TEMPLATE_MALFORMED', 400, (where: string, why: string) => ({
  says: `The template can not be read at ${where}: ${why}`,
  next: 'Correct it there, or have the managing tenant export the offer again: towpath offer export <offer>',
}))

export const TemplateTooLarge = failure('DELEGATION_TEMPLATE_TOO_LARGE', 400, (what: string) => ({
  says: `The template is too large: ${what}`,
  next: 'Write out what its expressions repeat, or split it into several offers',
}))

export const ExpressionMalformed = failure(
  'DELEGATION_EXPRESSION_MALFORMED',
  400,
  (expression: string, at: number, why: string) => ({
    says: `The expression ${shorten(expression)} can not be read at character ${at + 1}: ${why}`,
    next: 'An expression is [function(argument, …)]; text in it stands between single quotes, which are doubled inside',
  }),
)

export const FunctionUnknown = failure('DELEGATION_FUNCTION_UNKNOWN', 400, (name: string, known: string) => ({
  says: `The template calls ${shorten(name)}(), which is not known here`,
  next: `Known are ${known}: write the value out, or deploy the template where that function runs`,
}))

export const ParameterMissing = failure('DELEGATION_PARAMETER_MISSING', 400, (name: string) => ({
  says: `The template needs the parameter "${shorten(name)}", which has no default`,
  next: `Give it: --parameter ${shorten(name)}=<value>`,
}))

/** What a template says stands in errors, but never as a page of it. */
function shorten(text: string): string {
  const clean = text.replace(/\p{Cc}/gu, ' ')
  return clean.length <= 120 ? clean : `${clean.slice(0, 119)}…`
}
