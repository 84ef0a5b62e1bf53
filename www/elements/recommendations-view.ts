import { html, nothing, type TemplateResult } from "lit";
import type { NearshelfError } from "../client/error.js";
import type { Recommendation } from "../client/types.js";
import type { Messages } from "../i18n/messages.js";
import { skeletonCard } from "./card.js";
import type { Picture } from "./pictures.js";

/** What a list shows. */
export type View =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: NearshelfError }
  | {
      readonly state: "shown";
      readonly items: readonly Recommendation[];
      /** The items' pictures, in their order. */
      readonly pictures: readonly Picture[];
    };

/** How a list is laid out: a row that scrolls, unless a grid is asked for. */
export function layoutClass(layout: string): "row" | "grid" {
  return layout === "grid" ? "grid" : "row";
}

/** A list of empty cards, as high as the list that will take its place. */
export function skeleton(count: number, layout: string, showReasons: boolean): TemplateResult {
  return html`<ul part="list" class=${layoutClass(layout)} aria-busy="true" aria-hidden="true">
    ${Array.from({ length: count }, () => skeletonCard(showReasons))}
  </ul>`;
}

/** A polite word, with a way to try again where that can help. */
export function failure(error: NearshelfError, messages: Messages, retry: () => void): TemplateResult {
  const hopeless = error.code === "simd-missing";
  return html`<p part="message" role="status">
    ${hopeless ? messages.list.unsupported : messages.list.failed}
    ${hopeless ? nothing : html`<button part="retry" type="button" @click=${retry}>${messages.list.retry}</button>`}
  </p>`;
}
