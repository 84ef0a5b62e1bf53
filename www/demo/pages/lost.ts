import { h } from "../dom.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import type { Page } from "./page.js";

/** An address that leads nowhere. */
export function lostPage({ words }: Shop, title: string = words.error.lost): Page {
  return {
    name: "message",
    title,
    content: [h("h1", {}, title), h("p", {}, h("a", { class: "button", href: to.home }, words.error.home))],
  };
}

/** The pack could not be read; says why, and offers to try again. */
export function failedPage({ words }: Shop, cause: unknown, retry: () => void): Page {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return {
    name: "message",
    title: words.error.title,
    content: [
      h("h1", {}, words.error.title),
      h("p", { class: "quiet", role: "alert" }, detail),
      h("p", {}, h("button", { class: "button", type: "button", onclick: retry }, words.error.retry)),
    ],
  };
}
