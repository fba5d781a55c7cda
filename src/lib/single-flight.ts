/** Work under way, by name: whoever asks for it meanwhile shares it. */
export class SingleFlight<T> {
  readonly #underWay = new Map<string, Promise<T>>()

  /** What is under way by that name, or what `work` brings. */
  run(name: string, work: () => Promise<T>): Promise<T> {
    const running = this.#underWay.get(name) ?? work().finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, running)
    return running
  }
}
