/** Bytes of blobs and manifests, without headers. Pulls: whole images, as pulls/ counts them; pushes: manifests. */
export type MovedOf = { pulls: number; pushes: number; bytesOut: number; bytesIn: number }

/** What this process has sent and taken in of each registry since it began; imports are taken in too. */
export class Moved {
  readonly #registries = new Map<string, MovedOf>()

  of(registryId: string): MovedOf {
    const held = this.#registries.get(registryId)
    if (held) return held
    const made = { pulls: 0, pushes: 0, bytesOut: 0, bytesIn: 0 }
    this.#registries.set(registryId, made)
    return made
  }

  totals(): ReadonlyMap<string, Readonly<MovedOf>> {
    return this.#registries
  }
}
