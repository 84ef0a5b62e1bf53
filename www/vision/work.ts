import type { Surroundings } from "./session.js";
import { failure, faultWords } from "./words.js";

/** What is on its way for one shopper, and what they are told of it. */
export class Work {
  readonly #around: Surroundings;
  /** Grows when the shopper leaves: what was on its way then is no longer counted. */
  #stay = 0;
  /** Grows with everything that makes what is on its way useless. */
  turn = 0;
  /** How much is being done, and how many pictures are being looked at. */
  busy = 0;
  looking = 0;
  /** What the shopper has to read. */
  message = "";
  /** What is told to those who don't see the change. */
  said = "";

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Does something that may fail, and says so where it does. */
  async run(task: () => Promise<void>): Promise<void> {
    const [turn, stay] = [this.turn, this.#stay];
    this.busy += 1;
    this.message = "";
    this.#around.changed();
    try {
      await task();
    } catch (cause) {
      if (turn === this.turn) this.fail(cause);
    } finally {
      if (stay === this.#stay) this.busy -= 1;
      this.#around.changed();
    }
  }

  /** The same with a picture that is looked at, which is said meanwhile. */
  async look(task: () => Promise<void>): Promise<void> {
    const stay = this.#stay;
    this.looking += 1;
    await this.run(task);
    if (stay !== this.#stay) return;
    this.looking -= 1;
    this.#around.changed();
  }

  fail(cause: unknown): void {
    this.message = faultWords(cause, this.#around.words);
    this.#around.tell("nearshelf-error", failure(cause));
    this.#around.changed();
  }

  say(words: string): void {
    this.said = words;
    this.#around.changed();
  }

  /** The shopper has left. */
  forget(): void {
    this.turn += 1;
    this.#stay += 1;
    this.busy = this.looking = 0;
    this.message = "";
  }
}
