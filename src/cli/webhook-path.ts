import { type Named, nameOf } from './az-words.ts'

/** Of all webhooks of a registry; with a second word, or undefined for `--name`, of one. */
export function webhookPath(options: Named, ...one: (string | undefined)[]): string {
  const list = `/api/v1/registries/${encodeURIComponent(options.registry)}/webhooks`
  return one.length === 0 ? list : `${list}/${encodeURIComponent(nameOf(one[0], options, 'webhook'))}`
}
