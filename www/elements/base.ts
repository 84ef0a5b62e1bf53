import { LitElement, type PropertyDeclarations } from "lit";
import { createNearshelf } from "../client/create.js";
import type { Nearshelf } from "../client/types.js";
import { messagesFor, pageLocale } from "../i18n/locale.js";
import type { Messages } from "../i18n/messages.js";

/** What both elements have: a pack, a locale, a client. */
export abstract class NearshelfElement extends LitElement {
  static override properties: PropertyDeclarations = {
    pack: { reflect: true },
    locale: { reflect: true },
    client: { attribute: false },
  };

  /** Address of the pack's folder; default: the one that the script lies in. */
  declare pack: string | undefined;
  /** BCP 47; default: `lang` of the nearest ancestor, the document's language, the browser's. */
  declare locale: string | undefined;
  /** A client of the shop's own; default: the page's client for `pack`. */
  declare client: Nearshelf | undefined;

  #connected: Nearshelf | undefined;

  /** The client in use. */
  protected get nearshelf(): Nearshelf {
    const client = this.client ?? createNearshelf(this.pack ? { pack: this.pack } : {});
    this.#connected = client;
    return client;
  }

  /** The client that was used last, without starting one. */
  protected get started(): Nearshelf | undefined {
    return this.#connected;
  }

  /** The locale in use. */
  protected get language(): string {
    return pageLocale(this.locale ?? this.closest("[lang]")?.getAttribute("lang"));
  }

  /** The words in use. */
  protected get messages(): Messages {
    return messagesFor(this.language);
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
