import { transfer } from "comlink";
import { unwrap } from "../worker/answer.js";
import type { VisionHost, WornNow } from "../worker/protocol.js";
import type { Pixels } from "./decode.js";
import type { Design, Edit, Fitting, GarmentCategory, Slot, Worn } from "./types.js";

/** A frame that takes longer is drawn at half its width while something is dragged. */
const SMOOTH_MILLIS = 40;

/**
 * One try-on: what is asked of it goes to the worker one at a time. Changes that come faster than they are drawn are sent together, and
 * of a dragged handle's places the last one alone.
 */
export class FittingRoom {
  readonly #host: VisionHost;
  readonly #id: number;
  readonly #shown: (fitting: Fitting) => void;
  readonly #failed: (cause: unknown) => void;
  #waiting: Edit[] = [];
  #last: Promise<unknown> = Promise.resolve();
  /** Whether what waits has its turn already. */
  #isAsked = false;
  #more = false;
  #isSlow = false;
  #fitting: Fitting | undefined;
  #closed = false;
  /** Width that pictures are wanted in. */
  width = 480;

  private constructor(host: VisionHost, id: number, shown: (fitting: Fitting) => void, failed: (cause: unknown) => void) {
    this.#host = host;
    this.#id = id;
    this.#shown = shown;
    this.#failed = failed;
  }

  /** `shown` is told what is worn after each change, `failed` what a change could not do. */
  static async open(host: VisionHost, shown: (fitting: Fitting) => void, failed: (cause: unknown) => void): Promise<FittingRoom> {
    return new FittingRoom(host, unwrap(await host.open()), shown, failed);
  }

  /** Changes what is worn, soon. `more` is to follow, so that speed counts for more than sharpness. */
  edit(edits: readonly Edit[], more = false): void {
    for (const edit of edits) this.#waiting = [...(edit.do === "move" ? without(this.#waiting, edit) : this.#waiting), edit];
    this.#more = more;
    if (this.#fitting) this.#tell(this.#fitting);
    if (this.#isAsked) return;
    this.#isAsked = true;
    void this.#after(() => this.#draw()).catch(this.#failed);
  }

  /** The same once more, in another width. */
  redraw(): void {
    this.edit([]);
  }

  photo(pixels: Pixels): Promise<Fitting> {
    return this.#after(async () => this.#show(unwrap(await this.#host.photo(this.#id, given(pixels), this.width))));
  }

  wear(pixels: Pixels, as?: GarmentCategory): Promise<WornNow> {
    return this.#after(async () => this.#show(unwrap(await this.#host.wear(this.#id, given(pixels), this.width, as))));
  }

  /** What is worn, in the person's own extents. */
  picture(): Promise<Pixels> {
    return this.#after(async () => unwrap(await this.#host.edit(this.#id, [], Infinity)).picture);
  }

  garment(slot: Slot, width: number): Promise<Pixels> {
    return this.#after(async () => unwrap(await this.#host.garment(this.#id, slot, width)));
  }

  design(slot: Slot, item: Design["item"], sizes: readonly string[]): Promise<Design> {
    return this.#after(async () => unwrap(await this.#host.design(this.#id, slot, item, sizes)));
  }

  /** Forgets everything. */
  close(): void {
    this.#closed = true;
    void this.#host.close(this.#id);
  }

  async #draw(): Promise<void> {
    const [edits, more] = [this.#waiting, this.#more];
    this.#waiting = [];
    this.#isAsked = false;
    const began = performance.now();
    const reduced = more && this.#isSlow;
    this.#show(unwrap(await this.#host.edit(this.#id, edits, reduced ? this.width / 2 : this.width)));
    if (more && !reduced) this.#isSlow = performance.now() - began > SMOOTH_MILLIS;
  }

  #show<F extends Fitting>(fitting: F): F {
    this.#fitting = fitting;
    this.#tell(fitting);
    return fitting;
  }

  /** Handles are told where they are moved to, before the picture follows. */
  #tell(fitting: Fitting): void {
    if (this.#closed) return;
    const moves = this.#waiting.filter((edit) => edit.do === "move");
    const place = (worn: Worn, number: number) => moves.find(({ slot, handle }) => slot === worn.slot && handle === number);
    const moved = (worn: Worn) => ({ ...worn, handles: worn.handles.map((handle, number) => ({ ...handle, ...at(place(worn, number)) })) });
    this.#shown(moves.length === 0 ? fitting : { ...fitting, worn: fitting.worn.map(moved) });
  }

  #after<T>(ask: () => Promise<T>): Promise<T> {
    const asked = this.#last.then(ask);
    this.#last = asked.catch(() => undefined);
    return asked;
  }
}

type Moved = Edit & { readonly do: "move" };

/** What waits, without an earlier place of the same handle; what was asked before anything else stays. */
function without(waiting: readonly Edit[], { slot, handle }: Moved): Edit[] {
  const first = waiting.findLastIndex((edit) => edit.do !== "move") + 1;
  return waiting.filter((edit, number) => number < first || !(edit.do === "move" && edit.slot === slot && edit.handle === handle));
}

function at(move: Moved | undefined): { readonly x?: number; readonly y?: number } {
  return move ? { x: move.x, y: move.y } : {};
}

/** Pixels on their way to the worker: moved, not copied. */
export function given(pixels: Pixels): Pixels {
  return transfer(pixels, [pixels.data.buffer]);
}
