import { html, nothing, type TemplateResult } from "lit";
import type { HistoryEntry, HistoryStatus } from "../client/types.js";
import { formatTime } from "../i18n/format.js";
import type { Messages } from "../i18n/messages.js";

/** Choices for "forget events after". */
const RETENTION_CHOICES: readonly number[] = [7, 30, 90, 180, 365];

/** What the shopper can do here. */
export interface PrivacyActions {
  pause(paused: boolean): void;
  retain(days: number): void;
  export(): void;
  erase(step: "ask" | "yes" | "no"): void;
  more(): void;
  showAgain(itemId: string, position: number): void;
}

/** What the shopper sees. */
export interface PrivacyView {
  readonly status: HistoryStatus;
  readonly entries: readonly HistoryEntry[];
  /** How many of `entries` are shown. */
  readonly shown: number;
  readonly notInterested: readonly string[];
  /** Titles by item id, as far as the catalogue is loaded. */
  readonly titles: ReadonlyMap<string, string>;
  readonly asksToErase: boolean;
  readonly eraseFailed: boolean;
  readonly messages: Messages;
  readonly locale: string;
}

/** Where history is, in words. */
export function storageNotes({ status, messages, eraseFailed }: PrivacyView): TemplateResult {
  const { where, why, gpcOverridden, keyLost, paused, eraseFailed: failed } = messages.privacy;
  const stored = status.storedEventCount;
  return html`
    <p part="storage">
      ${status.storage === "memory" && stored > 0 ? where.memoryAndStored(stored) : where[status.storage]}
      ${status.reason ? why[status.reason] : nothing}
      ${status.globalPrivacyControl && status.storage === "encrypted" ? gpcOverridden : nothing}
    </p>
    ${eraseFailed ? html`<p part="notice" role="alert">${failed}</p>` : nothing}
    ${status.keyLost ? html`<p part="notice" role="status">${keyLost}</p>` : nothing}
    ${status.paused ? html`<p part="notice" role="status">${paused}</p>` : nothing}
  `;
}

/** Pause, retention, export, erase. */
export function controls({ status, messages, asksToErase }: PrivacyView, act: PrivacyActions): TemplateResult {
  const words = messages.privacy;
  const choices = [...new Set([...RETENTION_CHOICES, status.retentionDays])].sort((a, b) => a - b);
  return html`<div part="controls">
    <label>
      <input
        part="pause"
        type="checkbox"
        role="switch"
        .checked=${status.paused}
        @change=${(event: Event) => act.pause((event.target as HTMLInputElement).checked)}
      />
      ${words.pause}
    </label>
    <label>
      ${words.retention}
      <select part="retention" @change=${(event: Event) => act.retain(Number((event.target as HTMLSelectElement).value))}>
        ${choices.map(
          (days) => html`<option value=${days} ?selected=${days === status.retentionDays}>${words.days(days)}</option>`,
        )}
      </select>
    </label>
    <button part="export" type="button" @click=${() => act.export()}>${words.export}</button>
    <button part="erase" type="button" aria-expanded=${asksToErase} @click=${() => act.erase("ask")}>
      ${words.erase}
    </button>
    ${asksToErase
      ? html`<div part="confirm" role="group" aria-label=${words.erase}>
          <span>${words.eraseAsk}</span>
          <button part="erase-yes" type="button" @click=${() => act.erase("yes")}>${words.eraseYes}</button>
          <button part="erase-no" type="button" @click=${() => act.erase("no")}>${words.eraseNo}</button>
        </div>`
      : nothing}
  </div>`;
}

/** Every event, newest first, and every item that is kept out. */
export function contents(view: PrivacyView, act: PrivacyActions): TemplateResult {
  const { entries, shown, notInterested, titles, messages, locale } = view;
  const words = messages.privacy;
  const title = (itemId: string) => titles.get(itemId) ?? itemId;
  const rest = entries.length - shown;
  return html`
    <div part="subheading" id="events" role="heading" aria-level="3" tabindex="-1">${words.eventsHeading(entries.length)}</div>
    ${entries.length === 0
      ? html`<p part="no-events">${words.noEvents}</p>`
      : html`<ul part="events" role="list">
          ${entries.slice(0, shown).map(
            ({ type, itemId, timeMillis }) =>
              html`<li part="event" tabindex="-1">
                <span>${words.event[type](title(itemId))}</span>
                <time datetime=${new Date(timeMillis).toISOString()}>${formatTime(timeMillis, locale)}</time>
              </li>`,
          )}
        </ul>`}
    ${rest > 0 ? html`<div><button part="more" type="button" @click=${() => act.more()}>${words.more(rest)}</button></div>` : nothing}
    ${notInterested.length === 0
      ? nothing
      : html`<div part="subheading" role="heading" aria-level="3">${words.hiddenHeading(notInterested.length)}</div>
          <ul part="not-interested" role="list">
            ${notInterested.map(
              (itemId, position) =>
                html`<li part="event">
                  <span>${title(itemId)}</span>
                  <button
                    part="show-again"
                    type="button"
                    aria-label=${words.showAgainOf(title(itemId))}
                    @click=${() => act.showAgain(itemId, position)}
                  >
                    ${words.showAgain}
                  </button>
                </li>`,
            )}
          </ul>`}
  `;
}
