import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { HistoryEntry, HistoryExport } from "../client/types.js";
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
 * Attributes: `locale`, `pack`.
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
    _said: { state: true },
  };

  private declare _entries: readonly HistoryEntry[] | undefined;
  private declare _notInterested: readonly string[];
  private declare _titles: ReadonlyMap<string, string>;
  private declare _shown: number;
  private declare _asksToErase: boolean;
  private declare _said: string;

  #stop: () => void = () => undefined;

  readonly #actions: PrivacyActions = {
    pause: (paused) => void (paused ? this.#history.pause() : this.#history.resume()),
    retain: (days) => void this.#history.setRetention(days),
    export: () => void this.#export(),
    erase: (step) => void this.#erase(step),
    more: () => {
      this._shown += PAGE;
    },
    showAgain: (itemId) => void this.#history.setNotInterested(itemId, false),
  };

  constructor() {
    super();
    this._entries = undefined;
    this._notInterested = [];
    this._titles = new Map();
    this._shown = PAGE;
    this._asksToErase = false;
    this._said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override languageChanged(): void {
    super.languageChanged();
    void this.#nameItems();
  }

  protected override updated(changed: PropertyValues): void {
    // The first rendering follows connectedCallback, which listens already.
    if (this.hasUpdated && changed.has("locale")) void this.#nameItems();
    if ((changed.has("pack") || changed.has("client")) && this._entries) this.#listen();
  }

  protected override render(): TemplateResult {
    const { messages } = this;
    const words = messages.privacy;
    const entries = this._entries;
    return html`<section aria-labelledby="heading" lang=${this.language}>
      <div part="heading" id="heading" role="heading" aria-level="2">${words.heading}</div>
      <p part="promise">${words.promise}</p>
      <p part="explanation">${words.explain}</p>
      ${entries ? this.#details(entries) : nothing}
      <span class="spoken" role="status">${this._said}</span>
    </section>`;
  }

  get #history() {
    return this.nearshelf.history;
  }

  #details(entries: readonly HistoryEntry[]): TemplateResult {
    const view = {
      status: this.#history.status(),
      entries,
      shown: this._shown,
      notInterested: this._notInterested,
      titles: this._titles,
      asksToErase: this._asksToErase,
      messages: this.messages,
      locale: this.language,
    };
    return html`${storageNotes(view)} ${controls(view, this.#actions)} ${contents(view, this.#actions)}`;
  }

  #listen(): void {
    this.#stop();
    const client = this.nearshelf;
    const stops = [
      client.subscribe("history", () => void this.#read()),
      client.subscribe("ready", () => void this.#nameItems()),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
    void this.#read();
  }

  async #read(): Promise<void> {
    const history = this.#history;
    const [entries, notInterested] = await Promise.all([history.list(), history.notInterested()]);
    this._entries = entries;
    this._notInterested = notInterested;
    this.requestUpdate();
    await this.#nameItems();
  }

  /** Titles come from the pack; until it is in (or if it never is), ids stand for them. */
  async #nameItems(): Promise<void> {
    const ids = new Set([...(this._entries ?? []).map((entry) => entry.itemId), ...this._notInterested]);
    if (ids.size === 0) return;
    const items = await this.nearshelf.items([...ids], this.language).catch(() => []);
    this._titles = new Map(items.map(({ id, title }) => [id, title]));
  }

  async #export(): Promise<void> {
    const history: HistoryExport = await this.#history.export();
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
      await this.#history.erase();
      this._said = this.messages.privacy.erased;
    }
    await this.updateComplete;
    const focused = this._asksToErase ? "erase-no" : "erase";
    this.renderRoot.querySelector<HTMLElement>(`[part="${focused}"]`)?.focus();
  }
}

define("nearshelf-privacy", NearshelfPrivacy);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-privacy": NearshelfPrivacy;
  }
}
