/** Typed listeners; a listener that throws doesn't keep the others from hearing. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(detail: never) => void>>();

  on<K extends keyof Events>(type: K, listener: (detail: Events[K]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  emit<K extends keyof Events>(type: K, detail: Events[K]): void {
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        (listener as (detail: Events[K]) => void)(detail);
      } catch (error) {
        // The shop's own mistake: shown as such, without stopping ours.
        reportError(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
