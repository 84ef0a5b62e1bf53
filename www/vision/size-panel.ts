import { html, nothing, type TemplateResult } from "lit";
import { valueOf } from "./panels.js";
import { type FitPreference, type LengthUnit, type Measure, MEASURES, type SizeAdvice } from "./types.js";
import type { Advised, Measured, RoomView, Shown } from "./view.js";
import type { VisionWords } from "./words.js";

const UNITS: readonly LengthUnit[] = ["cm", "in"];
const PREFERENCES: readonly FitPreference[] = ["close", "regular", "loose"];

/** Which size of the shop's chart fits what the shopper measured. */
export function sizePanel(shown: Shown, room: RoomView): TemplateResult | typeof nothing {
  const { words } = shown;
  const { chart, measured, advised } = room.sizes;
  if (!chart) return nothing;
  const asked = MEASURES.filter((measure) => chart.sizes.some((size) => size[measure]));
  return html`<details part="panel size">
    <summary>${words.size}</summary>
    <form novalidate @submit=${(event: Event) => (event.preventDefault(), room.advise())}>
      <p part="hint">${words.sizeHint}</p>
      <div class="fields">
        ${asked.map((measure) => measureField(measure, measured, words, room))}
        <label>${words.unit} ${options(UNITS, measured.unit, words.units, (unit) => room.measure({ unit }))}</label>
        <label>${words.preference} ${options(PREFERENCES, measured.preference, words.preferences, (preference) => room.measure({ preference }))}</label>
      </div>
      <p><label part="keep"><input type="checkbox" .checked=${measured.keep} @change=${(event: Event) => room.measure({ keep: (event.target as HTMLInputElement).checked })} /> ${words.keep}</label></p>
      ${measured.notKept ? html`<p part="hint" role="status">${words.keptNot}</p>` : nothing}
      <button part="advise" type="submit">${words.advise}</button>
    </form>
    <div part="advice" role="status">${advised === undefined ? nothing : answer(advised, measured.unit, shown)}</div>
  </details>`;
}

function measureField(measure: Measure, { values, unit }: Measured, words: VisionWords, room: RoomView): TemplateResult {
  const changed = (event: Event) => {
    const others = Object.entries(values).filter(([name]) => name !== measure);
    const value = valueOf(event);
    room.measure({ values: Object.fromEntries(value === "" ? others : [...others, [measure, Number(value)]]) });
  };
  return html`<label>${words.measures[measure]} (${words.unitShort[unit]})
    <input type="number" name=${measure} inputmode="decimal" min="1" step="any" autocomplete="off" .value=${String(values[measure] ?? "")} @change=${changed} />
  </label>`;
}

function options<T extends string>(keys: readonly T[], chosen: T, words: Readonly<Record<T, string>>, choose: (key: T) => void): TemplateResult {
  return html`<select @change=${(event: Event) => choose(valueOf(event) as T)}>
    ${keys.map((key) => html`<option value=${key} .selected=${key === chosen}>${words[key]}</option>`)}
  </select>`;
}

function answer(advised: Advised, unit: LengthUnit, { words, language }: Shown): TemplateResult {
  if (advised === "no-measure") return html`<p>${words.noMeasure}</p>`;
  if (advised === "wrong-measure") return html`<p>${words.wrongMeasure}</p>`;
  const length = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const by = (amount: number) => `${length.format(amount)} ${words.unitShort[unit]}`;
  return html`<p part="advised">${verdict(advised, words)}</p>
    ${advised.between !== undefined ? html`<p>${words.between(advised.between)}</p>` : nothing}
    <ul>${advised.fits.map(({ measure, fit, by: amount }) => html`<li>${words.fits[fit](words.measures[measure], by(amount))}</li>`)}</ul>
    ${advised.missing.length > 0 ? html`<p part="hint">${words.moreExact(advised.missing.map((measure) => words.measures[measure]).join(", "))}</p>` : nothing}`;
}

function verdict({ size, outside, nearest }: SizeAdvice, words: VisionWords): string {
  if (size !== undefined) return words.advised(size);
  return outside ? `${words.outside[outside]} ${nearest}` : words.nearest(nearest);
}
