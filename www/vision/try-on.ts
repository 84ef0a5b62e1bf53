import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { Nearshelf } from "../client/types.js";
import { define } from "../elements/base.js";
import { shared } from "../elements/styles.js";
import { choiceStyles } from "./choice-styles.js";
import { SeeingElement } from "./element.js";
import { Handles } from "./handles.js";
import { designPanel, takeAwayPanel, whoPanel, wornPanel } from "./panels.js";
import { Session, type Surroundings } from "./session.js";
import type { ChartSource } from "./size-advisor.js";
import { sizePanel } from "./size-panel.js";
import { paint, stage } from "./stage.js";
import { tryOnStyles } from "./try-on-styles.js";
import type { Shown } from "./view.js";

/** Beyond this, screens show no difference that is worth the time. */
const MOST_PIXELS_A_POINT = 2;

/**
 * `<nearshelf-try-on>`: lays clothes over a drawn figure, a photo or a picture of the camera, in the browser. Pictures stay in memory:
 * they are neither stored nor sent, and are gone with the element.
 *
 * Attributes: `item-id` (what is worn at first), `outfit-id` (worn with it), `size-chart` (address of the shop's chart, CSV or JSON; the
 * property `sizeChart` also takes the chart itself), `no-photo`, `no-camera`, `heading`, `heading-level` (2), `locale`, `pack`, `remote-images`.
 *
 * Events, all bubbling and composed: `nearshelf-try-on-ready` { }, `nearshelf-try-on-change` { who, slots, itemIds, tuckedIn },
 * `nearshelf-camera` { on }, `nearshelf-design` { design } (cancelable: prevents the download), `nearshelf-error` { code, message }. No event
 * carries a pixel or a measurement.
 *
 * Parts: heading, private, message, retry, stage, divider, busy, handles, handle, camera, camera-on, take, cancel, compare, tools, adjust,
 * undo, redo, reset, panels, panel (with who, worn, colour, pattern, size or take-away), choice, swatch, build, tone, button (with
 * choose-photo or choose-garment), start-camera, hint, limits, piece, take-off, as, tuck, suggestions, suggestion, own-colour, keep, advise,
 * advice, advised, save, design-json, design-png, start-over.
 */
export class NearshelfTryOn extends SeeingElement {
  static override styles = [shared, choiceStyles, tryOnStyles];
  static override properties: PropertyDeclarations = {
    itemId: { attribute: "item-id", reflect: true },
    outfitId: { attribute: "outfit-id", reflect: true },
    sizeChart: { attribute: "size-chart" },
    noPhoto: { attribute: "no-photo", type: Boolean },
    noCamera: { attribute: "no-camera", type: Boolean },
    heading: {},
    headingLevel: { attribute: "heading-level", type: Number },
    remoteImages: { attribute: "remote-images", type: Boolean },
  };

  declare itemId: string;
  declare outfitId: string;
  /** Address of the chart; or the chart itself: CSV with line breaks, or an object. */
  declare sizeChart: ChartSource | undefined;
  declare noPhoto: boolean;
  declare noCamera: boolean;
  declare heading: string | undefined;
  declare headingLevel: number;
  declare remoteImages: boolean;

  readonly #session = new Session(this.#surroundings());
  readonly #handles = new Handles(
    (edits, more) => this.#session.move(edits, more),
    (words) => this.#session.work.say(words),
  );
  readonly #resized = new ResizeObserver(() => this.#fitWidth());

  constructor() {
    super();
    this.itemId = "";
    this.outfitId = "";
    this.noPhoto = false;
    this.noCamera = false;
    this.headingLevel = 2;
    this.remoteImages = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: it was closed, and nothing else would start it again.
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    this.#session.leave();
  }

  protected override updated(changed: PropertyValues): void {
    const session = this.#session;
    if (session.phase === "idle" && this.isConnected) void session.enter();
    else if (changed.has("itemId") || changed.has("outfitId")) void session.asksAnew();
    if (changed.has("sizeChart")) void session.readsChart();
    const { fitting, bare } = session;
    if (!fitting) return;
    paint(this.renderRoot.querySelector("#picture"), fitting.picture);
    if (bare) paint(this.renderRoot.querySelector("#bare"), bare);
    const shown = this.renderRoot.querySelector('[part="stage"]');
    if (shown) this.#resized.observe(shown);
  }

  protected override render(): TemplateResult {
    const session = this.#session;
    const { phase } = session;
    const { message, said } = session.work;
    const { words } = this;
    const shown = this.#shown();
    return html`<section aria-labelledby="heading" lang=${words.lang}>
      <div part="heading" id="heading" role="heading" aria-level=${this.headingLevel}>${this.heading ?? words.heading}</div>
      <p part="private">${words.private}</p>
      ${phase === "ready"
        ? html`<p part="message" role="alert">${message}</p>`
        : html`<p part="message" role="status">${phase === "failed" ? words.failed : phase === "missing" ? words.missing : words.starting}</p>`}
      ${phase === "failed" ? html`<button part="retry" type="button" @click=${() => void session.enter()}>${words.retry}</button>` : nothing}
      ${shown
        ? html`<div class="room">
            <div class="seen">${stage(shown, session, this.#handles)}</div>
            <div part="panels">
              ${whoPanel(shown, session.wearer)}${wornPanel(shown, session.wardrobe)}${designPanel(shown, session)}${sizePanel(shown, session)}${takeAwayPanel(shown, session)}
            </div>
          </div>`
        : nothing}
      <span class="spoken" role="status">${said}</span>
    </section>`;
  }

  #shown(): Shown | undefined {
    const { fitting, studio } = this.#session;
    if (!fitting || !studio) return undefined;
    const { words, language, noPhoto, noCamera } = this;
    return { words, language, loaded: studio.loaded, fitting, allowsPhoto: !noPhoto, allowsCamera: !noCamera };
  }

  #surroundings(): Surroundings {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- its members are read when they are asked for.
    const element = this;
    return {
      get client(): Nearshelf {
        return element.nearshelf;
      },
      get words() {
        return element.words;
      },
      get language() {
        return element.language;
      },
      get remoteImages() {
        return element.remoteImages;
      },
      get itemIds() {
        return [element.itemId, element.outfitId].filter((id) => id !== "");
      },
      get chart() {
        return element.sizeChart;
      },
      get video() {
        return element.renderRoot.querySelector("video");
      },
      changed: () => element.requestUpdate(),
      tell: (name, detail, cancelable) => element.tell(name, detail, cancelable),
    };
  }

  #fitWidth(): void {
    const shown = this.renderRoot.querySelector('[part="stage"]');
    if (shown) this.#session.fitWidth(Math.round(shown.clientWidth * Math.min(devicePixelRatio, MOST_PIXELS_A_POINT)));
  }

  protected override get takesPictures(): boolean {
    return true;
  }

  /** Dropped on the panel of what is worn, or pasted beside a drawn figure, it is a garment; else whoever wears it. */
  protected override handed(picture: File, event: Event): void {
    const { wearer, wardrobe } = this.#session;
    const isGarment = event.type === "paste" ? wearer.who === "mannequin" : event.target instanceof Element && event.target.closest('[part~="worn"]') !== null;
    if (isGarment || this.noPhoto) wardrobe.garment(picture);
    else wearer.photo(picture);
  }
}

define("nearshelf-try-on", NearshelfTryOn);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-try-on": NearshelfTryOn;
  }
}
