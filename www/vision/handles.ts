import { html, nothing, type TemplateResult } from "lit";
import type { Edit, Handle, Worn } from "./types.js";
import type { VisionWords } from "./words.js";

/** Steps of the arrow keys, in parts of the picture. */
const STEP = 0.005;
const LARGE_STEP = 0.04;
/** A pointer that goes no further than this, in pixels of the page, has only been put there. */
const SLIP = 3;
/** Number of the handle that moves all others. */
const WHOLE = -1;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What moving a handle does. `more` follows until the pointer is lifted. */
export type Move = (edits: readonly Edit[], more: boolean) => void;

/** The handles of one garment, over the picture that they move. */
export class Handles {
  readonly #move: Move;
  readonly #say: (words: string) => void;
  /** Handle that the pointer has, where it took it, and whether it has moved it. */
  #held: { readonly handle: number; readonly at: PointerEvent; readonly from: readonly Handle[]; moved: boolean } | undefined;
  /** Handle that the arrow keys are moving: a run of presses is one step for undo. */
  #keyed: number | undefined;

  constructor(move: Move, say: (words: string) => void) {
    this.#move = move;
    this.#say = say;
  }

  render(worn: Worn, words: VisionWords): TemplateResult {
    const shown = worn.handles.map((handle, number) => this.#button(worn, handle, number, words.points[handle.name] ?? handle.name, words));
    const [x, y] = middle(worn.handles);
    const whole: Handle = { name: "whole", x, y, estimated: false };
    return html`<div part="handles" role="group" aria-label=${words.adjust} aria-describedby="adjust-hint">
      ${this.#button(worn, whole, WHOLE, words.whole, words)}${shown}
    </div>`;
  }

  #button(worn: Worn, { x, y, estimated }: Handle, number: number, name: string, words: VisionWords): TemplateResult {
    // What lies outside of the picture is held at its edge, lest it be out of reach.
    const place = (part: number) => `${Math.min(100, Math.max(0, part * 100))}%`;
    const classes = `${number === WHOLE ? "whole" : ""} ${estimated ? "estimated" : ""}`;
    return html`<button
      part="handle"
      type="button"
      class=${classes}
      data-name=${number === WHOLE ? "whole" : (worn.handles[number]?.name ?? nothing)}
      aria-roledescription=${words.handle}
      aria-label=${`${words.handleAt(name, percent(x), percent(y))}${estimated ? `, ${words.guessed}` : ""}`}
      title=${name}
      .style=${`left: ${place(x)}; top: ${place(y)}`}
      @pointerdown=${(event: PointerEvent) => this.#took(event, worn, number)}
      @pointermove=${(event: PointerEvent) => this.#dragged(event, worn)}
      @pointerup=${this.#dropped}
      @pointercancel=${this.#dropped}
      @keydown=${(event: KeyboardEvent) => this.#pressed(event, worn, number, words)}
      @blur=${() => (this.#keyed = undefined)}
    ></button>`;
  }

  #took(event: PointerEvent, worn: Worn, handle: number): void {
    if (event.button !== 0) return;
    const button = event.currentTarget as HTMLElement;
    button.setPointerCapture(event.pointerId);
    this.#held = { handle, at: event, from: worn.handles, moved: false };
    this.#keyed = undefined;
  }

  #dragged(event: PointerEvent, worn: Worn): void {
    const held = this.#held;
    const stage = (event.currentTarget as HTMLElement).parentElement?.getBoundingClientRect();
    if (!held || !stage) return;
    const [across, down] = [event.clientX - held.at.clientX, event.clientY - held.at.clientY];
    if (!held.moved && Math.hypot(across, down) <= SLIP) return;
    const edits = moves(worn, held.handle, held.from, across / stage.width, down / stage.height);
    // What is undone stays to be done again until something is moved.
    this.#move(held.moved ? edits : [{ do: "remember" }, ...edits], true);
    held.moved = true;
  }

  readonly #dropped = (): void => {
    const moved = this.#held?.moved;
    this.#held = undefined;
    // Drawn once more, sharp; nothing moves.
    if (moved) this.#move([], false);
  };

  #pressed(event: KeyboardEvent, worn: Worn, handle: number, words: VisionWords): void {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const edits = moves(worn, handle, worn.handles, arrow[0] * step, arrow[1] * step);
    this.#move(this.#keyed === handle ? edits : [{ do: "remember" }, ...edits], false);
    this.#keyed = handle;
    const [x, y] = handle === WHOLE ? middle(worn.handles) : [worn.handles[handle]?.x ?? 0, worn.handles[handle]?.y ?? 0];
    const name = handle === WHOLE ? words.whole : (words.points[worn.handles[handle]?.name ?? ""] ?? "");
    this.#say(words.handleAt(name, percent(x + arrow[0] * step), percent(y + arrow[1] * step)));
  }
}

/** Moves of one handle, or of all, from where they were. */
function moves({ slot }: Worn, handle: number, from: readonly Handle[], across: number, down: number): Edit[] {
  return from.flatMap(({ x, y }, number) => (handle === WHOLE || handle === number ? [{ do: "move" as const, slot, handle: number, x: x + across, y: y + down }] : []));
}

function middle(handles: readonly Handle[]): readonly [number, number] {
  const mean = (of: (handle: Handle) => number) => handles.reduce((sum, handle) => sum + of(handle), 0) / Math.max(1, handles.length);
  return [mean(({ x }) => x), mean(({ y }) => y)];
}

function percent(part: number): number {
  return Math.round(part * 100);
}
