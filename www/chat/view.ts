import { html, nothing, type TemplateResult } from "lit";
import type { Item } from "../client/types.js";
import { card } from "../elements/card.js";
import type { Picture } from "../elements/pictures.js";
import type { Messages } from "../i18n/messages.js";
import type { ShownPart, Turn } from "./transcript.js";
import type { ChatWhy, QuickReply } from "./types.js";
import type { ChatWords } from "./words.js";

/** What a turn is shown with. */
export interface TurnView {
  readonly words: ChatWords;
  readonly messages: Messages;
  /** The last turn alone offers replies. */
  readonly isLast: boolean;
  picture(item: Item): Picture;
  /** A number that no other card of the page has. */
  position(): number;
  onSelect(item: Item, event: MouseEvent): void;
  onReply(reply: QuickReply): void;
}

/** One turn. Whatever was written goes in as text nodes only. */
export function turn(turn: Turn, view: TurnView): TemplateResult {
  const { words } = view;
  if (turn.by === "shopper") {
    return html`<div part="turn shopper"><span class="spoken">${words.you}: </span>${turn.text}${turn.cut ? html`<p part="note">${words.cut}</p>` : nothing}</div>`;
  }
  return html`<div part="turn shop">
    <span class="spoken">${words.shop}: </span>
    ${turn.parts.map((part) => shownPart(part, turn.locale, view))}
    ${turn.why ? why(turn.why, words) : nothing}
    ${view.isLast && turn.replies.length > 0
      ? html`<div class="replies" role="group" aria-label=${words.replies}>
          ${turn.replies.map((reply) => html`<button part="reply" type="button" @click=${() => view.onReply(reply)}>${reply.label}</button>`)}
        </div>`
      : nothing}
  </div>`;
}

function shownPart(part: ShownPart, locale: string, view: TurnView): TemplateResult {
  const { words } = view;
  return html`<p part="text" lang=${locale}>${part.text}</p>
    ${part.links.length > 0
      ? html`<ul part="links">
          ${part.links.map(({ href, label }) => html`<li><a part="answer-link" lang=${locale} href=${href}>${label}</a></li>`)}
        </ul>`
      : nothing}
    ${part.items === undefined ? html`<p part="note">${words.thinking}</p>` : nothing}
    ${part.items && part.items.length > 0
      ? html`<ul class="cards" role="list" aria-label=${words.products}>
          ${part.items.map((item) =>
            card({
              item,
              position: view.position(),
              locale,
              messages: view.messages,
              picture: view.picture(item),
              reason: undefined,
              hidden: undefined,
              tabIndex: 0,
              onSelect: (event) => view.onSelect(item, event),
            }),
          )}
        </ul>`
      : nothing}`;
}

function why({ path, meant, slots }: ChatWhy, words: ChatWords): TemplateResult {
  return html`<details part="why" @toggle=${toggled}>
    <summary>${words.why}</summary>
    <p part="note">${words.judges[path]}</p>
    <ul>
      ${meant.map(
        ({ intent, confidence, follows_up: followsUp }) =>
          html`<li>${words.intent}: ${words.intentName(intent)}, ${followsUp ? words.followsUp : words.sure(Math.round(confidence * 100))}</li>`,
      )}
      ${slots.length > 0
        ? html`<li>${words.understood}: ${slots.map(({ name, value, negated }) => `${words.slotName(name)} = ${negated ? `${words.not} ` : ""}${value}`).join(", ")}</li>`
        : nothing}
    </ul>
  </details>`;
}

/** What is opened may lie below the fold. It moves as the log's style says, which heeds a wish for less motion. */
function toggled(event: Event): void {
  const details = event.currentTarget as HTMLDetailsElement;
  if (details.open) details.scrollIntoView({ block: "nearest" });
}
