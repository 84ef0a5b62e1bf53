import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { NearshelfError } from "../client/error.js";
import type { HistoryEntry, HistoryExport, Nearshelf } from "../client/types.js";
import { define, NearshelfElement } from "./base.js";
import { contents, controls, type PrivacyActions, storageNotes } from "./privacy-view.js";
import { privacyStyles } from "./privacy-styles.js";
import { shared } from "./styles.js";

/** Events shown at first, and added by each "show more". */
const PAGE = 50;

/**
 * `<nearshelf-privacy>`: the shopper sees each stored event, what is kept and where, and can pause, limit, export
 * and erase it.
 *
 * Attributes: `locale`, `pack`. Event: `nearshelf-error` { code, message }, bubbling and composed.
 *
 * Parts: heading, promise, explanation, storage, notice, controls, pause, retention, export, erase, confirm,
 * erase-yes, erase-no, subheading, events, event, no-events, more, not-interested, show-again.
 */
export class NearshelfPrivacy extends NearshelfElement {
  static override styles = [shared, privacyStyles];
  static override properties: PropertyDeclarations = {
    _entries: { state: true },
    _notInterested: { state: true },
    _titles: { state: true },
    _shown: { state: true },
    _asksToErase: { state: true },
    _eraseFailed: { state: true },
    _failed: { state: true },
    _said: { state: true },
  };

  private declare _entries: readonly HistoryEntry[] | undefined;
  private declare _notInterested: readonly string[];
  private declare _titles: ReadonlyMap<string, string>;
  private declare _shown: number;
  private declare _asksToErase: boolean;
  private declare _eraseFailed: boolean;
  private declare _failed: boolean;
  private declare _said: string;

  /** The client that is listened to. */
  #client: Nearshelf | undefined;
  #stop: () => void = () => undefined;

  readonly #actions: PrivacyActions = {
    pause: (paused) => void (paused ? this.#client?.history.pause() : this.#client?.history.resume()),
    retain: (days) => void this.#client?.history.setRetention(days),
    export: () => void this.#export(),
    erase: (step) => void this.#erase(step),
    more: () => void this.#more(),
    showAgain: (itemId, position) => void this.#showAgain(itemId, position),
  };

  constructor() {
    super();
    this._entries = undefined;
    this._notInterested = [];
    this._titles = new Map();
    this._shown = PAGE;
    this._asksToErase = false;
    this._eraseFailed = false;
    this._failed = false;
    this._said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The first rendering listens itself: by then the page has set what it sets.
    if (this.hasUpdated) this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#client = undefined;
  }

  protected override languageChanged(): void {
    super.languageChanged();
    void this.#nameItems();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("locale")) void this.#nameItems();
    if (!this.#client || changed.has("pack") || changed.has("client")) this.#listen();
  }

  protected override render(): TemplateResult {
    const { messages } = this;
    const words = messages.privacy;
    const entries = this._entries;
    return html`<section aria-labelledby="heading" lang=${this.messageLanguage}>
      <div part="heading" id="heading" role="heading" aria-level="2">${words.heading}</div>
      <p part="promise">${this.#client?.status().sharded ? words.promiseOfShards : words.promise}</p>
      <p part="explanation">${words.explain}</p>
      ${this._failed ? html`<p part="notice" role="alert">${words.failed}</p>` : nothing}
      ${entries && this.#client ? this.#details(this.#client, entries) : nothing}
      <span class="spoken" role="status">${this._said}</span>
    </section>`;
  }

  #details(client: Nearshelf, entries: readonly HistoryEntry[]): TemplateResult {
    const view = {
      status: client.history.status(),
      entries,
      shown: this._shown,
      notInterested: this._notInterested,
      titles: this._titles,
      asksToErase: this._asksToErase,
      eraseFailed: this._eraseFailed,
      messages: this.messages,
      locale: this.language,
    };
    return html`${storageNotes(view)} ${controls(view, this.#actions)} ${contents(view, this.#actions)}`;
  }

  #listen(): void {
    if (!this.isConnected) return;
    let client: Nearshelf;
    try {
      client = this.nearshelf;
    } catch (cause) {
      const { code, message } = NearshelfError.from(cause);
      this.#stop();
      this.#client = undefined;
      // Told once: rendering asks again each time.
      if (!this._failed) this.tell("nearshelf-error", { code, message });
      this._failed = true;
      return;
    }
    if (client === this.#client) return;
    this.#stop();
    this._failed = false;
    this.#client = client;
    const stops = [
      client.subscribe("history", () => void this.#read()),
      client.subscribe("ready", () => {
        // Only now it is known what the pack lets be promised.
        this.requestUpdate();
        void this.#nameItems();
      }),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
    void this.#read();
  }

  async #read(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const [entries, notInterested] = await Promise.all([client.history.list(), client.history.notInterested()]);
    if (client !== this.#client) return;
    this._entries = entries;
    this._notInterested = notInterested;
    this.requestUpdate();
    await this.#nameItems();
  }

  /** Titles come from the pack; until it is in (or if it never is), ids stand for them. */
  async #nameItems(): Promise<void> {
    const ids = new Set([...(this._entries ?? []).map((entry) => entry.itemId), ...this._notInterested]);
    if (ids.size === 0 || !this.#client) return;
    const items = await this.#client.items([...ids], this.language).catch(() => []);
    this._titles = new Map(items.map(({ id, title }) => [id, title]));
  }

  /** The reader goes on at the first event that was not there before. */
  async #more(): Promise<void> {
    const before = this._shown;
    this._shown += PAGE;
    await this.updateComplete;
    this.#focus(this.renderRoot.querySelectorAll('[part="events"] > li')[before]);
  }

  /** The button is gone then: the reader goes on at the next one, or at the list of events. */
  async #showAgain(itemId: string, position: number): Promise<void> {
    await this.#client?.history.setNotInterested(itemId, false);
    await this.#read();
    await this.updateComplete;
    const buttons = this.renderRoot.querySelectorAll('[part="show-again"]');
    this.#focus(buttons[Math.min(position, buttons.length - 1)] ?? this.renderRoot.querySelector("#events"));
  }

  #focus(target: Element | null | undefined): void {
    if (target instanceof HTMLElement) target.focus();
  }

  async #export(): Promise<void> {
    const history: HistoryExport | undefined = await this.#client?.history.export();
    if (!history) return;
    const file = new Blob([`${JSON.stringify(history, undefined, 2)}\n`], { type: "application/json" });
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = `history-${location.hostname}-${history.exportedAt.slice(0, 10)}.json`;
    anchor.click();
    // The browser has taken the file by then.
    setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
  }

  async #erase(step: "ask" | "yes" | "no"): Promise<void> {
    this._asksToErase = step === "ask" && !this._asksToErase;
    if (step === "yes") {
      this._eraseFailed = false;
      try {
        await this.#client?.history.erase();
        this._said = this.messages.privacy.erased;
      } catch {
        this._eraseFailed = true;
        this._said = "";
      }
    }
    await this.updateComplete;
    this.#focus(this.renderRoot.querySelector(`[part="${this._asksToErase ? "erase-no" : "erase"}"]`));
  }
}

define("nearshelf-privacy", NearshelfPrivacy);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-privacy": NearshelfPrivacy;
  }
}
