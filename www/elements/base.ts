import { html, LitElement, type PropertyDeclarations, render } from "lit";
import { createNearshelf } from "../client/create.js";
import type { Nearshelf } from "../client/types.js";
import { messageLanguage, messagesFor, pageLocale } from "../i18n/locale.js";
import type { Messages } from "../i18n/messages.js";

/** What both elements have: a pack, a locale, a client. */
export abstract class NearshelfElement extends LitElement {
  static override properties: PropertyDeclarations = {
    pack: { reflect: true },
    locale: { reflect: true },
    decoys: { type: Number },
    client: { attribute: false },
  };

  /** Address of the pack's folder; default: the one that the script lies in. */
  declare pack: string | undefined;
  /** BCP 47; default: `lang` of the nearest ancestor, the document's language, the browser's. */
  declare locale: string | undefined;
  /** See {@link createNearshelf}; of several elements the first one's counts. */
  declare decoys: number | undefined;
  /** A client of the shop's own; default: the page's client for `pack`. */
  declare client: Nearshelf | undefined;

  readonly #pageLanguage = new MutationObserver(() => this.languageChanged());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pageLanguage.disconnect();
  }

  /** The page speaks another language now. */
  protected languageChanged(): void {
    this.requestUpdate();
  }

  /** The client in use; started when there is none yet. */
  protected get nearshelf(): Nearshelf {
    return this.client ?? createNearshelf({ ...(this.pack && { pack: this.pack }), ...(this.decoys !== undefined && { decoys: this.decoys }) });
  }

  /** The locale in use. */
  protected get language(): string {
    return pageLocale(this.locale ?? this.closest("[lang]")?.getAttribute("lang"));
  }

  /** The words in use. */
  protected get messages(): Messages {
    return messagesFor(this.language);
  }

  /** The language of the words in use: not the locale's where it is not translated. */
  protected get messageLanguage(): string {
    return messageLanguage(this.language);
  }

  /** Shows, in place of all else, that it can't be shown, and a button that tries again. */
  protected showFailed(again: () => void): void {
    const { failed, list } = messagesFor(this.language);
    const said = html`<p part="message" role="alert" lang=${this.messageLanguage}>${failed} <button part="retry" type="button" @click=${again}>${list.retry}</button></p>`;
    render(said, this.renderRoot, this.renderOptions);
  }

  /** Dispatches `nearshelf-…`; `false` when a listener prevented the default. */
  protected tell(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }
}

/** Defines an element unless the page has one of that name. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
