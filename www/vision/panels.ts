import { html, nothing, type TemplateResult } from "lit";
import { COLOURS } from "./colours.js";
import type { GarmentCategory, Pattern, Slot } from "./types.js";
import type { RoomView, Shown, WardrobeView, WearerView, Who } from "./view.js";

/** What a garment is put on as, where the shopper says so. */
const AS: Readonly<Record<Slot, GarmentCategory>> = { top: "t-shirt", bottom: "pants", dress: "dress", outer: "outwear" };
const SLOTS: readonly Slot[] = ["top", "bottom", "dress", "outer"];
const PATTERNS: readonly Pattern["kind"][] = ["stripes", "checks", "dots"];
/** A pattern as it is first put on. */
const FIRST_PATTERN = { colour: "#ffffff", scale: 0.12, angle: 0 };

/** Reads the value of the control that an event is of. */
export function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

function fileOf(event: Event): File | undefined {
  const input = event.target as HTMLInputElement;
  const [file] = input.files ?? [];
  // The same file may be chosen again; and the page doesn't hold on to it.
  input.value = "";
  return file;
}

/** A button that opens the browser's choice of files. */
export function fileButton(part: string, label: string, onFile: (file: File | undefined) => void): TemplateResult {
  return html`<label part=${`button ${part}`}>
    <input class="file" type="file" accept="image/*" @change=${(event: Event) => onFile(fileOf(event))} />${label}
  </label>`;
}

/** One of several, as a button that looks pressed. */
function choice(part: string, group: string, value: string, label: unknown, checked: boolean, choose: () => void, spoken?: string): TemplateResult {
  return html`<label part=${part} title=${spoken ?? nothing}>
    <input type="radio" name=${group} value=${value} aria-label=${spoken ?? nothing} .checked=${checked} @change=${choose} />${label}
  </label>`;
}

/** What was chosen; shown is again what holds, until the choice does: it may not be possible. */
function chosen(select: HTMLSelectElement, holds: Slot): Slot {
  const slot = select.value as Slot;
  select.value = holds;
  return slot;
}

/** Who wears it. */
export function whoPanel({ words, loaded, allowsPhoto, allowsCamera }: Shown, wearer: WearerView): TemplateResult {
  const { who, figure } = wearer;
  const kinds: readonly Who[] = ["mannequin", ...(allowsPhoto ? ["photo" as const] : []), ...(allowsCamera ? ["camera" as const] : [])];
  const { builds, tones } = loaded.mannequins;
  return html`<fieldset part="panel who">
    <legend>${words.who}</legend>
    ${kinds.length > 1 ? html`<div class="choices">${kinds.map((kind) => choice("choice", "who", kind, words[kind], who === kind, () => wearer.choose(kind)))}</div>` : nothing}
    ${who === "mannequin"
      ? html`<div class="choices" role="radiogroup" aria-label=${words.build}>
            ${builds.map((key, number) => choice("choice build", "build", key, words.builds[key] ?? words.figure(number + 1), key === figure.build, () => wearer.build(key)))}
          </div>
          <div class="choices" role="radiogroup" aria-label=${words.tone}>
            ${tones.map(({ name, hex }, number) =>
              choice("swatch tone", "tone", name, html`<span .style=${`background: ${hex}`}></span>`, name === figure.tone, () => wearer.tone(name), words.toneOf(number + 1, tones.length)),
            )}
          </div>`
      : nothing}
    ${who === "photo"
      ? html`<p>${fileButton("choose-photo", words.choosePhoto, (file) => wearer.photo(file))} <span part="hint">${words.drop}</span></p>
          <p part="hint">${words.photoHint}</p>`
      : nothing}
    ${who === "camera" && !wearer.camera ? html`<p><button part="start-camera" type="button" @click=${() => wearer.startCamera()}>${words.startCamera}</button></p>` : nothing}
    ${who !== "mannequin" ? html`<p part="limits">${loaded.ownPeople ? words.shopPeople : words.drawnOnly}</p>` : nothing}
  </fieldset>`;
}

/** What is worn, and what else could be. */
export function wornPanel({ words, language, fitting }: Shown, wardrobe: WardrobeView): TemplateResult {
  const { pieces, current, suggestions } = wardrobe;
  // Not in the order in which they lie over one another: that changes when the top is tucked in.
  const slots = SLOTS.filter((slot) => fitting.worn.some((worn) => worn.slot === slot));
  const category = fitting.worn.find(({ slot }) => slot === current)?.category;
  return html`<fieldset part="panel worn">
    <legend>${words.what}</legend>
    ${slots.length === 0 ? html`<p part="hint">${words.nothingWorn}</p>` : nothing}
    <div class="choices">
      ${slots.map((slot) => {
        const title = pieces.get(slot)?.title ?? words.slots[slot];
        return html`<span part="piece">
          ${choice("choice", "piece", slot, html`<span lang=${language}>${title}</span>`, slot === current, () => wardrobe.choose(slot), words.edit(title))}
          <button part="take-off" type="button" aria-label=${words.takeOff(title)} title=${words.takeOff(title)} @click=${() => wardrobe.takeOff(slot)}><span aria-hidden="true">✕</span></button>
        </span>`;
      })}
    </div>
    ${current && category
      ? html`<label part="as">${words.wornAs}
          <select @change=${(event: Event) => wardrobe.wearAs(AS[chosen(event.target as HTMLSelectElement, current)])}>
            ${SLOTS.map((slot) => html`<option value=${slot} .selected=${slot === current}>${words.slots[slot]}</option>`)}
          </select>
        </label>`
      : nothing}
    ${slots.includes("top") && slots.includes("bottom")
      ? html`<label part="tuck"><input type="checkbox" .checked=${fitting.tuckedIn} @change=${(event: Event) => wardrobe.tuck((event.target as HTMLInputElement).checked)} /> ${words.tuck}</label>`
      : nothing}
    ${suggestions.length > 0
      ? html`<p class="label" id="goes-with">${words.goesWith}</p>
          <ul part="suggestions" role="list" aria-labelledby="goes-with">
            ${suggestions.map(
              ({ item, picture }) =>
                html`<li>
                  <button part="suggestion" type="button" data-item-id=${item.id} aria-label=${item.title} title=${item.title} lang=${language} @click=${() => wardrobe.wear(item)}>
                    ${picture ? html`<img src=${picture} alt="" decoding="async" draggable="false" referrerpolicy="no-referrer" />` : html`<span>${item.title}</span>`}
                  </button>
                </li>`,
            )}
          </ul>`
      : nothing}
    <p>${fileButton("choose-garment", words.ownGarment, (file) => wardrobe.garment(file))}</p>
  </fieldset>`;
}

/** Colour and pattern of one garment. */
export function designPanel({ words, fitting }: Shown, room: RoomView): TemplateResult | typeof nothing {
  const worn = fitting.worn.find(({ slot }) => slot === room.wardrobe.current);
  if (!worn) return nothing;
  const { colour, pattern } = worn;
  const isNamed = colour === undefined || Object.values(COLOURS).includes(colour);
  const change = (part: Partial<Pattern>) => room.pattern({ kind: "stripes", ...FIRST_PATTERN, ...pattern, ...part });
  return html`<fieldset part="panel colour">
      <legend>${words.colour}</legend>
      <div class="choices">
        ${choice("choice", "colour", "", words.asItIs, colour === undefined, () => room.colour(undefined))}
        ${Object.entries(COLOURS).map(([name, hex]) =>
          choice("swatch", "colour", hex, html`<span .style=${`background: ${hex}`}></span>`, hex === colour, () => room.colour(hex), words.colours[name]),
        )}
        <label part="own-colour" class=${isNamed ? "" : "chosen"}><input type="color" .value=${colour ?? "#808080"} @input=${(event: Event) => room.colour(valueOf(event))} />${words.otherColour}</label>
      </div>
    </fieldset>
    <fieldset part="panel pattern">
      <legend>${words.pattern}</legend>
      <div class="choices">
        ${choice("choice", "pattern", "", words.patterns.none, pattern === undefined, () => room.pattern(undefined))}
        ${PATTERNS.map((kind) => choice("choice", "pattern", kind, words.patterns[kind], pattern?.kind === kind, () => change({ kind })))}
      </div>
      ${pattern
        ? html`<div class="fields">
            <label>${words.patternColour} <input type="color" .value=${pattern.colour} @input=${(event: Event) => change({ colour: valueOf(event) })} /></label>
            <label>${words.patternSize} <input type="range" min="0.04" max="0.5" step="0.01" .value=${String(pattern.scale)} @input=${(event: Event) => change({ scale: Number(valueOf(event)) })} /></label>
            ${pattern.kind === "dots"
              ? nothing
              : html`<label>${words.patternAngle}
                  <input type="range" min="0" max="175" step="5" aria-valuetext=${words.degrees(pattern.angle)} .value=${String(pattern.angle)} @input=${(event: Event) => change({ angle: Number(valueOf(event)) })} /></label>`}
          </div>`
        : nothing}
    </fieldset>`;
}

/** What can be taken away. */
export function takeAwayPanel({ words }: Shown, room: RoomView): TemplateResult {
  const isBusy = room.work.busy > 0;
  const { current } = room.wardrobe;
  return html`<div part="panel take-away" role="group" aria-label=${words.takeAway}>
    <button part="save" type="button" ?disabled=${isBusy} @click=${() => room.save()}>${words.save}</button>
    <button part="design-json" type="button" ?disabled=${isBusy || !current} @click=${() => room.design("json")}>${words.designJson}</button>
    <button part="design-png" type="button" ?disabled=${isBusy || !current} @click=${() => room.design("png")}>${words.designPng}</button>
    <button part="start-over" type="button" @click=${() => room.startOver()}>${words.startOver}</button>
  </div>`;
}
