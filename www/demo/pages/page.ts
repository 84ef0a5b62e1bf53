import type { Child } from "../dom.js";

/** One page of the shop, ready to be shown. */
export interface Page {
  /** For the style sheet. */
  readonly name: string;
  /** For the window's title. */
  readonly title: string;
  readonly content: Child;
}
