/** One line of the cart: an item in one size. */
export interface Line {
  readonly itemId: string;
  /** Empty where there is nothing to choose. */
  readonly size: string;
  readonly quantity: number;
}

/** Most pieces of one line. */
export const MAX_QUANTITY = 20;

/** The cart of one pack: in memory, and in localStorage where the browser allows it. */
export class Cart extends EventTarget {
  readonly #key: string;
  #lines: readonly Line[];

  constructor(pack: string) {
    super();
    this.#key = `nearshelf-demo-cart:${pack}`;
    this.#lines = this.#read();
    window.addEventListener("storage", (event) => {
      if (event.key !== this.#key) return;
      this.#lines = this.#read();
      this.dispatchEvent(new Event("change"));
    });
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  get pieces(): number {
    return this.#lines.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /** Ids of the items, each once. */
  get itemIds(): string[] {
    return [...new Set(this.#lines.map(({ itemId }) => itemId))];
  }

  /** `false` where there are {@link MAX_QUANTITY} already. */
  add(itemId: string, size: string): boolean {
    const known = this.#find(itemId, size);
    if (known && known.quantity >= MAX_QUANTITY) return false;
    if (known) this.setQuantity(itemId, size, known.quantity + 1);
    else this.#set([...this.#lines, { itemId, size, quantity: 1 }]);
    return true;
  }

  /** 0 removes the line. */
  setQuantity(itemId: string, size: string, quantity: number): void {
    const lines = this.#lines.map((line) =>
      line.itemId === itemId && line.size === size ? { ...line, quantity: Math.min(MAX_QUANTITY, quantity) } : line,
    );
    this.#set(lines.filter((line) => line.quantity > 0));
  }

  clear(): void {
    this.#set([]);
  }

  #find(itemId: string, size: string): Line | undefined {
    return this.#lines.find((line) => line.itemId === itemId && line.size === size);
  }

  #set(lines: readonly Line[]): void {
    this.#lines = lines;
    try {
      localStorage.setItem(this.#key, JSON.stringify(lines));
    } catch {
      // Private mode or a full disk: the cart lives as long as the page.
    }
    this.dispatchEvent(new Event("change"));
  }

  #read(): readonly Line[] {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      return Array.isArray(stored) ? stored.filter(isLine) : [];
    } catch {
      return [];
    }
  }
}

function isLine(value: unknown): value is Line {
  if (typeof value !== "object" || value === null) return false;
  const { itemId, size, quantity } = value as Partial<Record<keyof Line, unknown>>;
  return (
    typeof itemId === "string" && typeof size === "string" && Number.isInteger(quantity) && (quantity as number) > 0
  );
}
