/**
 * Whether the page is in sight. Browsers slow hidden pages down, and systems may take the GPU from them: what is timed
 * there says nothing. Runs go on regardless.
 */
export class Visibility {
  #shown = true;
  #waiting: (() => void)[] = [];
  /** How often the page has gone out of sight. */
  hides = 0;

  set(shown: boolean): undefined {
    if (this.#shown && !shown) this.hides += 1;
    this.#shown = shown;
    if (!shown) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Settles when the page is in sight. */
  shown(): Promise<void> {
    return this.#shown ? Promise.resolve() : new Promise((wake) => this.#waiting.push(wake));
  }
}
