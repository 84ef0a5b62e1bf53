import { connect, type Connection } from "../client/connection.js";
import { NearshelfError } from "../client/error.js";
import type { Intent, Item, Nearshelf } from "../client/types.js";
import { unwrap } from "../worker/answer.js";
import type { ChatHost } from "../worker/protocol.js";
import { bestSimd } from "../worker/simd.js";
import { chatItems } from "./items.js";
import type { ChatAction, ChatLoaded, ChatPart, ChatReply, ChatState, ChatTurn } from "./types.js";

/** Items of one answer that comes from the recommender. */
const MOST_ITEMS = 8;

/** A message and where it was written. */
export interface Question {
  readonly text: string;
  readonly locale: string;
  /** Id of the item whose page is open. */
  readonly itemId?: string | undefined;
  /** Intent of a quick reply that was pressed. */
  readonly intent?: string | undefined;
}

/** The assistant of a page: its worker, and what was said so far. */
export class Conversation {
  readonly #client: Nearshelf;
  #connection: Promise<Connection<ChatHost>> | undefined;
  #loaded: ChatLoaded | undefined;
  #state: ChatState | undefined;
  /** What the last message wished for in words, for lists that the recommender makes. */
  #wished: Intent = {};

  constructor(client: Nearshelf) {
    this.#client = client;
  }

  /** What it is made of now. */
  get loaded(): ChatLoaded | undefined {
    return this.#loaded;
  }

  /** What it remembers of the turns before. */
  get state(): ChatState | undefined {
    return this.#state;
  }

  /** Starts the assistant and tells it the catalogue; then it answers. */
  async start(state?: ChatState): Promise<ChatLoaded> {
    const simd = bestSimd();
    if (!simd) throw new NearshelfError("simd-missing", "this browser runs no WebAssembly SIMD: update the browser");
    this.#state = state;
    try {
      this.#connection = connect("chat", true);
      const { host } = await this.#connection;
      const [loaded, items] = await Promise.all([host.start(this.#client.pack, simd), chatItems(this.#client)]);
      this.#loaded = unwrap(loaded);
      unwrap(await host.setItems(items));
      return this.#loaded;
    } catch (cause) {
      this.close();
      throw NearshelfError.from(cause);
    }
  }

  /** Loads the model, where the pack has one. */
  async refine(): Promise<ChatLoaded> {
    const host = await this.#host();
    this.#loaded = unwrap(await host.refine());
    return this.#loaded;
  }

  /** The answer, without the items that it speaks of: those are looked up by {@link itemsOf}. */
  async ask({ text, locale, itemId, intent }: Question): Promise<ChatReply> {
    const host = await this.#host();
    const [item] = itemId ? await this.#client.items([itemId], locale) : [];
    const turn: ChatTurn = { locale, ...(this.#state && { state: this.#state }), ...(item && { item: item.index }), ...(intent !== undefined && { intent }) };
    const reply = unwrap(await host.reply(text, turn));
    this.#state = reply.state;
    this.#wished = wishedFor(reply.why.slots);
    return reply;
  }

  /** The items that a part of an answer shows. */
  async itemsOf({ action }: ChatPart, locale: string): Promise<readonly Item[]> {
    switch (action.kind) {
      case "products":
        return this.#client.items(action.items, locale);
      case "recommend":
        return this.#recommended(action, locale);
      default:
        return [];
    }
  }

  /** Forgets what was said. */
  forget(): void {
    this.#state = undefined;
    this.#wished = {};
  }

  close(): void {
    void this.#connection?.then((connection) => connection.close(), () => undefined);
    this.#connection = undefined;
    this.#loaded = undefined;
  }

  async #recommended({ list, anchors, cheaper }: ChatAction & { kind: "recommend" }, locale: string): Promise<readonly Item[]> {
    const ids = (await this.#client.items(anchors, locale)).map(({ id }) => id);
    const [first] = ids;
    const intent: Intent = { ...this.#wished, ...(cheaper && first !== undefined && { cheaperThan: first }) };
    const ask = async (kind: typeof list) => {
      const { items } = await this.#client.recommend({ kind, locale, anchors: ids, limit: MOST_ITEMS, intent });
      return items.map(({ item }) => item);
    };
    let items = await ask(list);
    // Nothing is bought with it yet: what is like it comes nearest.
    if (items.length === 0 && list === "bought-together") items = await ask("related");
    // What is said next may be about these.
    if (this.#state) this.#state = { ...this.#state, shown: items.map(({ index }) => index) };
    return items;
  }

  async #host(): Promise<ChatHost> {
    if (!this.#connection) throw new NearshelfError("disposed", "the assistant was closed: start it again");
    return (await this.#connection).host;
  }
}

/** Slots of a message as the recommender reads wishes: "in blue" ranks what is blue first. What was ruled out is no wish. */
function wishedFor(slots: ChatReply["why"]["slots"]): Intent {
  const of = (name: string) => slots.find((slot) => slot.name === name && !slot.negated)?.value;
  const [colour, brand, category, text] = [of("colour"), of("brand"), of("product_type"), of("material")];
  return { ...(colour && { colour }), ...(brand && { brand }), ...(category && { category }), ...(text && { text }) };
}
