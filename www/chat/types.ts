/** What the assistant is asked and answers: the JavaScript side of `src/web_chat`. */

/** An item's text in one locale, as the assistant reads it. */
export interface ChatItem {
  readonly index: number;
  readonly title: string;
  readonly brand: string;
  readonly category: readonly string[];
  readonly attributes: readonly (readonly [string, string])[];
  /** In major units. */
  readonly price?: number;
  readonly currency?: string;
  readonly inStock: boolean;
}

/** What is remembered from turn to turn; only the wasm reads it. */
export type ChatState = Readonly<Record<string, unknown>>;

/** What goes with a message. */
export interface ChatTurn {
  readonly state?: ChatState;
  readonly locale: string;
  /** Number of the item whose page is open. */
  readonly item?: number;
  /** Intent of a quick reply that was pressed. */
  readonly intent?: string;
}

/** What the page does besides saying something. */
export type ChatAction =
  | { readonly kind: "none" | "person" }
  | { readonly kind: "products"; readonly items: readonly number[]; readonly givenUp: readonly string[] }
  | { readonly kind: "recommend"; readonly list: "for-you" | "related" | "bought-together"; readonly anchors: readonly number[]; readonly cheaper: boolean }
  | { readonly kind: "order"; readonly topic: string; readonly orderNumber?: string | null };

/** What is said to one intent. */
export interface ChatPart {
  readonly intent: string;
  readonly text: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
  readonly action: ChatAction;
}

/** What judged a message. */
export type ChatPath = "encoder" | "words" | "rules" | "quick-reply";

/** Why a message was answered as it was. */
export interface ChatWhy {
  readonly path: ChatPath;
  readonly meant: readonly { readonly intent: string; readonly confidence: number; readonly follows_up: boolean }[];
  readonly slots: readonly { readonly name: string; readonly value: string; readonly negated: boolean }[];
  readonly threshold: number;
}

/** A reply that one press sends. */
export interface QuickReply {
  readonly intent: string;
  readonly label: string;
}

/** An answer. */
export interface ChatReply {
  readonly locale: string;
  readonly parts: readonly ChatPart[];
  readonly replies: readonly QuickReply[];
  readonly why: ChatWhy;
  readonly state: ChatState;
}

/** Which parts the assistant has: `encoder` once it judges with the model. */
export interface ChatLoaded {
  readonly judgesBy: ChatPath;
  /** Whether the pack has a model that is not loaded yet. */
  readonly modelToCome: boolean;
}

/** The assistant in wasm memory. Throws errors that carry a `code`. */
export interface ChatWasm {
  set(part: string, value: unknown): void;
  setItems(items: readonly ChatItem[]): void;
  readonly dim: number | undefined;
  readonly rowLength: number;
  readings(message: string): Int32Array[];
  reply(message: string, embeddings: readonly Float32Array[], turn: ChatTurn): ChatReply;
  free(): void;
}
