import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { NearshelfError } from "../client/error.js";
import type { Item, Nearshelf } from "../client/types.js";
import { define, NearshelfElement } from "../elements/base.js";
import { safeHref } from "../elements/card.js";
import { type Picture, picturesOf } from "../elements/pictures.js";
import { shared } from "../elements/styles.js";
import { Conversation } from "./conversation.js";
import { chatStyles } from "./styles.js";
import { exported, KeptTranscript, MOST_CHARACTERS, MOST_TURNS, type ShownPart, type Turn } from "./transcript.js";
import type { ChatReply, QuickReply } from "./types.js";
import { turn } from "./view.js";
import { type ChatWords, wordsFor } from "./words.js";

type Phase = "idle" | "starting" | "ready" | "failed";

/**
 * `<nearshelf-chat>`: the shop assistant. It answers in the browser; what is written is sent nowhere.
 *
 * Attributes: `item-id` (the item whose page is open), `heading`, `heading-level` (2), `locale`, `pack`, `no-model` (answers by
 * words alone), `remote-images`.
 *
 * Events, all bubbling and composed: `nearshelf-chat-ready` { judgesBy }, `nearshelf-chat-answer` { intents, slots, itemIds } (drive
 * other parts of the page with it), `nearshelf-order-question` { topic, orderNumber } and `nearshelf-person` { } (cancelable: prevent the
 * default to say that the shop takes over), `nearshelf-select` { itemId, index, href } (cancelable: prevents following the
 * link), `nearshelf-error` { code, message }. No event carries the message; `nearshelf-chat-answer` carries the words that filled slots
 * (order numbers, dates, products) and `nearshelf-order-question` the order number; scripts of the page can read them.
 *
 * Method: `say(text)` adds something that the shop says, as the answer to an order's question.
 *
 * Parts: heading, status, log, turn, shopper, shop, text, note, links, answer-link, card, link, frame, image, placeholder,
 * title, price, sale-price, regular-price, availability, why, reply, input, send, keep, export, erase, retry.
 */
export class NearshelfChat extends NearshelfElement {
  static override styles = [shared, chatStyles];
  static override properties: PropertyDeclarations = {
    itemId: { attribute: "item-id", reflect: true },
    heading: {},
    headingLevel: { attribute: "heading-level", type: Number },
    noModel: { attribute: "no-model", type: Boolean },
    remoteImages: { attribute: "remote-images", type: Boolean },
    _phase: { state: true },
    _turns: { state: true },
    _pictures: { state: true },
    _keeps: { state: true },
    _said: { state: true },
  };

  declare itemId: string;
  declare heading: string | undefined;
  declare headingLevel: number;
  declare noModel: boolean;
  declare remoteImages: boolean;
  private declare _phase: Phase;
  private declare _turns: readonly Turn[];
  private declare _pictures: ReadonlyMap<number, Picture>;
  private declare _keeps: boolean;
  private declare _said: string;

  #conversation: Conversation | undefined;
  #kept: KeptTranscript | undefined;
  /** Answers come one after the other, as they were asked for. */
  #answering: Promise<void> = Promise.resolve();
  /** Settled once the assistant answers, or can't be had: what is asked before waits for it. */
  #started: Promise<void> | undefined;
  #settle: () => void = () => undefined;
  /** How often everything was erased: an answer to what was said before is not shown after. */
  #erased = 0;
  #positions = 0;

  constructor() {
    super();
    this.itemId = "";
    this.headingLevel = 2;
    this.noModel = false;
    this.remoteImages = false;
    this._phase = "idle";
    this._turns = [];
    this._pictures = new Map();
    this._keeps = false;
    this._said = "";
  }

  /** Adds something that the shop says. */
  say(text: string): void {
    this.#add({ by: "shop", locale: this.language, parts: [saidPart(text.slice(0, MOST_CHARACTERS))], replies: [] });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: it was closed, and nothing else would start it again.
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#conversation?.close();
    this.#conversation = undefined;
    // A closed worker never answers what it was asked.
    this.#answering = Promise.resolve();
    this._phase = "idle";
  }

  protected override updated(changed: PropertyValues): void {
    if (this._phase === "idle" && this.isConnected) void this.#start();
    if (changed.has("_turns")) this.#showLast();
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    this.#positions = 0;
    return html`<section aria-labelledby="heading" lang=${this.messageLanguage}>
      <header>
        <div part="heading" id="heading" role="heading" aria-level=${this.headingLevel}>${this.heading ?? words.heading}</div>
        <p part="status">${words.private} ${this.#status(words)}</p>
      </header>
      <div part="log" role="log" aria-live="polite" aria-label=${words.log} tabindex="0">${this.#turn(this.#greeting(words), -1)}${this._turns.map((one, at) => this.#turn(one, at))}</div>
      <footer>
        ${this._phase === "failed"
          ? html`<p part="note" role="alert">${words.failed}</p>
              <button part="retry" type="button" @click=${() => void this.#start()}>${words.retry}</button>`
          : nothing}
        <form @submit=${this.#submitted}>
          <textarea part="input" id="input" rows="1" aria-label=${words.input} placeholder=${words.input} autocomplete="off" enterkeyhint="send" @keydown=${this.#typed}></textarea>
          <button part="send" type="submit">${words.send}</button>
        </form>
        <div class="tools">
          <label><input part="keep" type="checkbox" .checked=${this._keeps} @change=${this.#keepChanged} /> ${words.keep}</label>
          <button part="export" type="button" ?disabled=${this._turns.length === 0} @click=${this.#export}>${words.export}</button>
          <button part="erase" type="button" ?disabled=${this._turns.length === 0} @click=${this.#erase}>${words.erase}</button>
        </div>
        <span class="spoken" role="status">${this._said}</span>
      </footer>
    </section>`;
  }

  get #words(): ChatWords {
    return wordsFor(this.messageLanguage);
  }

  #status(words: ChatWords): string {
    const loaded = this.#conversation?.loaded;
    if (!loaded) return this._phase === "failed" ? "" : words.starting;
    return `${words.judges[loaded.judgesBy]}${loaded.modelToCome && !this.noModel ? ` ${words.modelToCome}` : ""}`;
  }

  /** Said before all else; it is no part of what is kept. */
  #greeting({ greeting, firstReplies }: ChatWords): Turn {
    return { by: "shop", locale: this.messageLanguage, parts: [saidPart(greeting)], replies: firstReplies };
  }

  #turn(one: Turn, at: number): TemplateResult {
    return turn(one, {
      words: this.#words,
      messages: this.messages,
      isLast: at === this._turns.length - 1,
      picture: (item) => (this._pictures.has(item.index) ? this._pictures.get(item.index) : null),
      position: () => this.#positions++,
      onSelect: (item, event) => {
        const detail = { itemId: item.id, index: item.index, href: safeHref(item.link) ?? "" };
        if (!this.tell("nearshelf-select", detail, true)) event.preventDefault();
      },
      onReply: (reply) => this.#send(reply.label, reply),
    });
  }

  async #start(): Promise<void> {
    this._phase = "starting";
    void this.#awaitStart();
    this.#conversation = undefined;
    let conversation: Conversation | undefined;
    try {
      const client: Nearshelf = this.nearshelf;
      this.#kept ??= new KeptTranscript(client.pack);
      const kept = this._turns.length === 0 ? this.#kept.read() : undefined;
      if (kept) {
        this._turns = kept.turns;
        this._keeps = true;
        void this.#showPictures(kept.turns);
      }
      conversation = new Conversation(client);
      this.#conversation = conversation;
      const { judgesBy } = await conversation.start(kept?.state);
      if (conversation !== this.#conversation) return;
      this._phase = "ready";
      this._said = this.#words.ready;
      this.#settle();
      this.tell("nearshelf-chat-ready", { judgesBy });
      if (this.noModel) return;
      await conversation.refine();
      this.requestUpdate();
    } catch (cause) {
      if (conversation !== this.#conversation) return;
      // Where only the model can't be had, words still answer.
      if (!conversation?.loaded) this._phase = "failed";
      const { code, message } = NearshelfError.from(cause);
      this.#settle();
      this.tell("nearshelf-error", { code, message });
    }
  }

  /** One promise from the first question, or start, to the start's end; it outlives being moved within the page. */
  #awaitStart(): Promise<void> {
    return (this.#started ??= new Promise((resolve) => {
      this.#settle = () => {
        resolve();
        this.#started = undefined;
      };
    }));
  }

  readonly #typed = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submitted(event);
  };

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    const input = this.#input;
    const text = input?.value.trim() ?? "";
    if (!input || text === "") return;
    input.value = "";
    this.#send(text);
  };

  get #isStarting(): boolean {
    return this._phase === "idle" || this._phase === "starting";
  }

  get #input(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  #send(text: string, reply?: QuickReply): void {
    this.#add({ by: "shopper", text: text.slice(0, MOST_CHARACTERS), cut: text.length > MOST_CHARACTERS });
    this.#input?.focus();
    const erased = this.#erased;
    // Longer text is not read: the rest may be marks that are left out, up to four for a character.
    const read = text.slice(0, 4 * MOST_CHARACTERS);
    this.#answering = this.#answering.then(() => (this.#isStarting ? this.#awaitStart() : undefined)).then(() => this.#answer(read, erased, reply));
  }

  async #answer(text: string, erased: number, reply?: QuickReply): Promise<void> {
    const conversation = this.#conversation;
    if (!conversation || erased !== this.#erased) return;
    try {
      const answer = await conversation.ask({ text, locale: this.language, itemId: this.itemId || undefined, intent: reply?.intent });
      if (erased === this.#erased) await this.#show(conversation, answer, erased);
      else conversation.forget();
    } catch (cause) {
      if (erased !== this.#erased) return;
      const { code, message } = NearshelfError.from(cause);
      this.say(this.#words.failed);
      this.tell("nearshelf-error", { code, message });
    }
  }

  /** The words at once, the items as soon as they are there. */
  async #show(conversation: Conversation, { parts, replies, why, locale }: ChatReply, erased: number): Promise<void> {
    const withItems = (part: (typeof parts)[number]) => part.action.kind === "products" || part.action.kind === "recommend";
    const first: Turn = { by: "shop", locale, replies, why, parts: parts.map((part) => ({ ...part, items: withItems(part) ? undefined : [] })) };
    this.#add(first);
    const items = await Promise.all(parts.map((part) => conversation.itemsOf(part, locale)));
    if (erased !== this.#erased) return;
    const shown: Turn = { ...first, parts: parts.map((part, at) => ({ ...part, items: items[at] ?? [] })) };
    this._turns = this._turns.map((one) => (one === first ? shown : one));
    this.#keep();
    this.tell("nearshelf-chat-answer", { intents: parts.map(({ intent }) => intent), slots: why.slots, itemIds: items.flat().map(({ id }) => id) });
    void this.#showPictures([shown]);
    for (const { action } of parts) this.#handOver(action);
  }

  #handOver(action: ChatReply["parts"][number]["action"]): void {
    const handled =
      action.kind === "order"
        ? !this.tell("nearshelf-order-question", { topic: action.topic, orderNumber: action.orderNumber ?? undefined }, true)
        : action.kind === "person"
          ? !this.tell("nearshelf-person", {}, true)
          : undefined;
    if (handled !== undefined) this.say(handled ? this.#words.handedOver : this.#words.noHandOver);
  }

  async #showPictures(turns: readonly Turn[]): Promise<void> {
    const items: Item[] = turns.flatMap((one) => (one.by === "shop" ? one.parts.flatMap((part) => part.items ?? []) : []));
    const erased = this.#erased;
    const pictures = await picturesOf(this.nearshelf, items, this.remoteImages);
    if (erased !== this.#erased) return;
    this._pictures = new Map([...this._pictures, ...items.map((item, at) => [item.index, pictures[at]] as const)]);
  }

  #add(one: Turn): void {
    this._turns = [...this._turns, one].slice(-MOST_TURNS);
    this._said = "";
    this.#keep();
  }

  #keep(): void {
    if (this._keeps) this.#kept?.write(this._turns, this.#conversation?.state);
  }

  readonly #keepChanged = (event: Event): void => {
    this._keeps = (event.target as HTMLInputElement).checked;
    if (this._keeps) this.#keep();
    else this.#kept?.erase();
  };

  readonly #erase = (): void => {
    this.#erased += 1;
    this._turns = [];
    this._keeps = false;
    this._pictures = new Map();
    this.#conversation?.forget();
    this.#kept?.erase();
    this._said = this.#words.erased;
    this.#input?.focus();
  };

  readonly #export = (): void => {
    const url = URL.createObjectURL(new Blob([exported(this._turns)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "conversation.json";
    link.click();
    URL.revokeObjectURL(url);
  };

  #showLast(): void {
    const log = this.renderRoot.querySelector('[part="log"]');
    if (log) log.scrollTop = log.scrollHeight;
  }
}

/** Words alone. */
function saidPart(text: string): ShownPart {
  return { intent: "", text, links: [], action: { kind: "none" }, items: [] };
}

define("nearshelf-chat", NearshelfChat);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-chat": NearshelfChat;
  }
}
