import type { Nearshelf } from "../client/types.js";

/** A list of recommendations on the page. */
export interface Shelf extends HTMLElement {
  /** Ids that it shows now. */
  readonly shownIds: readonly string[];
  /** Lists with a lower turn choose first: those that few items suit. */
  readonly turn: number;
  /** Asks for its items, leaving out what other lists show, and resolves when it shows them. */
  fill(alreadyShown: readonly string[]): Promise<void>;
}

/**
 * Keeps the lists of one page from showing the same item twice.
 *
 * Lists are filled one after the other, each leaving out what those that keep their items show: the choosy ones first,
 * lest a list that any item suits takes the few that were bought together, and among equals in document order.
 */
export class PageShelves {
  readonly #members = new Set<Shelf>();
  readonly #waiting = new Set<Shelf>();
  #filling = false;

  join(shelf: Shelf): void {
    this.#members.add(shelf);
  }

  leave(shelf: Shelf): void {
    this.#members.delete(shelf);
    this.#waiting.delete(shelf);
  }

  /** Fills `shelf` when it is due; asked twice before that, it is filled once. */
  request(shelf: Shelf): void {
    this.#waiting.add(shelf);
    if (this.#filling) return;
    this.#filling = true;
    // A task later, when all lists of this rendering have asked, so that none is overtaken.
    setTimeout(() => void this.#fillAll(), 0);
  }

  async #fillAll(): Promise<void> {
    for (let next = this.#first(); next; next = this.#first()) {
      this.#waiting.delete(next);
      const shown = [...this.#members].filter((other) => other !== next && !this.#waiting.has(other));
      await next.fill(shown.flatMap((other) => other.shownIds));
    }
    this.#filling = false;
  }

  #first(): Shelf | undefined {
    return [...this.#waiting].sort(
      (a, b) => a.turn - b.turn || (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1),
    )[0];
  }
}

const pages = new WeakMap<Nearshelf, PageShelves>();

/** The lists that share a client. */
export function shelvesOf(client: Nearshelf): PageShelves {
  const known = pages.get(client);
  if (known) return known;
  const created = new PageShelves();
  pages.set(client, created);
  return created;
}
