import type { Item } from "../client/types.js";
import type { ChatPart, ChatState, ChatWhy, QuickReply } from "./types.js";

/** A part of an answer with the items that it shows; none until they are there. */
export interface ShownPart extends ChatPart {
  readonly items: readonly Item[] | undefined;
}

/** One turn: what a shopper wrote, or what the shop said. */
export type Turn =
  | { readonly by: "shopper"; readonly text: string; readonly cut: boolean }
  | { readonly by: "shop"; readonly locale: string; readonly parts: readonly ShownPart[]; readonly replies: readonly QuickReply[]; readonly why?: ChatWhy };

/** Turns that are kept and shown; older ones go. */
export const MOST_TURNS = 200;
/** Characters of a message that are read, and shown. */
export const MOST_CHARACTERS = 1_000;

/** A transcript as it outlives a page, where the shopper wants that. */
interface Kept {
  readonly version: 1;
  readonly turns: readonly Turn[];
  readonly state?: ChatState;
}

/** Keeps a transcript until the tab is closed, only once the shopper has said so. */
export class KeptTranscript {
  readonly #name: string;

  /** `pack`: each shop has its own. */
  constructor(pack: string) {
    this.#name = `nearshelf-chat:${new URL(pack).pathname}`;
  }

  /** What was kept; nothing where the shopper didn't ask for it, or it can't be read. */
  read(): Kept | undefined {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#name) ?? "null") as Kept | null;
      return kept?.version === 1 && Array.isArray(kept.turns) ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  write(turns: readonly Turn[], state: ChatState | undefined): void {
    try {
      sessionStorage.setItem(this.#name, JSON.stringify({ version: 1, turns, ...(state && { state }) } satisfies Kept));
    } catch {
      // No storage, or none left: it stays in memory.
    }
  }

  erase(): void {
    try {
      sessionStorage.removeItem(this.#name);
    } catch {
      // Nothing was kept, then.
    }
  }
}

/** What a shopper takes away: plain text by turn, as JSON. */
export function exported(turns: readonly Turn[]): string {
  const said = turns.map((turn) =>
    turn.by === "shopper"
      ? { by: turn.by, text: turn.text }
      : { by: turn.by, parts: turn.parts.map(({ intent, text, items }) => ({ intent, text, items: items?.map(({ id, title }) => ({ id, title })) ?? [] })), why: turn.why },
  );
  return JSON.stringify({ format: "nearshelf-chat", turns: said }, null, 2);
}
