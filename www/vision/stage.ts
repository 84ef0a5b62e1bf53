import { html, nothing, type TemplateResult } from "lit";
import type { Handles } from "./handles.js";
import { valueOf } from "./panels.js";
import type { Pixels } from "./decode.js";
import type { RoomView, Shown, WearerView } from "./view.js";
import type { VisionWords } from "./words.js";

/** The picture, what lies over it, and what changes how it is seen. */
export function stage(shown: Shown, room: RoomView, handles: Handles): TemplateResult {
  const { words, fitting } = shown;
  const { before, isAdjusting, wearer, wardrobe: { current, pieces } } = room;
  const worn = fitting.worn.find(({ slot }) => slot === current);
  const titles = fitting.worn.map(({ slot }) => pieces.get(slot)?.title ?? words.slots[slot]).join(", ");
  return html`<div part="stage" .style=${`aspect-ratio: ${fitting.width} / ${fitting.height}; --_aspect: ${fitting.width / fitting.height}`}>
      <canvas id="bare" aria-hidden="true"></canvas>
      <canvas id="picture" role="img" aria-label=${words.worn(wearer.hasPhoto ? words.photoAlt : words.mannequinAlt, titles)} .style=${`clip-path: inset(0 0 0 ${before}%)`}></canvas>
      ${before > 0 && before < 100 ? html`<span part="divider" .style=${`left: ${before}%`}></span>` : nothing}
      ${isAdjusting && worn ? handles.render(worn, words) : nothing}
      <div role="status">${room.work.looking > 0 ? html`<p part="busy">${words.looking}</p>` : nothing}</div>
      ${wearer.camera ? camera(wearer.camera.stream, words, wearer) : nothing}
    </div>
    ${fitting.worn.length > 0 && !wearer.camera ? tools(shown, room) : nothing}`;
}

function tools({ words, fitting }: Shown, room: RoomView): TemplateResult {
  const { before, isAdjusting } = room;
  return html`<label part="compare">${words.compare}
      <input type="range" min="0" max="100" step="1" aria-valuetext=${words.compared(before)} .value=${String(before)} @input=${(event: Event) => room.compare(Number(valueOf(event)))} />
    </label>
    <div part="tools" role="group" aria-label=${words.adjust}>
      <button part="adjust" type="button" aria-pressed=${isAdjusting} @click=${() => room.adjust(!isAdjusting)}>${words.adjust}</button>
      <button part="undo" type="button" ?disabled=${!fitting.canUndo} @click=${() => room.undo()}>${words.undo}</button>
      <button part="redo" type="button" ?disabled=${!fitting.canRedo} @click=${() => room.redo()}>${words.redo}</button>
      <button part="reset" type="button" @click=${() => room.reset()}>${words.reset}</button>
    </div>
    ${isAdjusting ? html`<p part="hint" id="adjust-hint">${words.adjustHint}</p>` : nothing}`;
}

/** The camera's picture, mirrored as people know themselves, with what says that it is on. */
function camera(stream: MediaStream, words: VisionWords, wearer: WearerView): TemplateResult {
  return html`<div part="camera">
    <video autoplay playsinline muted .srcObject=${stream} aria-label=${words.camera}></video>
    <p part="camera-on"><span aria-hidden="true"></span>${words.cameraOn}</p>
    <div class="shutter">
      <p>${words.cameraHint}</p>
      <button part="take" type="button" @click=${() => wearer.take()}>${words.take}</button>
      <button part="cancel" type="button" @click=${() => wearer.cancelCamera()}>${words.cancel}</button>
    </div>
  </div>`;
}

/** What each canvas shows. */
const painted = new WeakMap<HTMLCanvasElement, Pixels>();

/** Puts pixels onto a canvas, where it doesn't show them yet. */
export function paint(canvas: HTMLCanvasElement | null, pixels: Pixels): void {
  if (!canvas || painted.get(canvas) === pixels) return;
  painted.set(canvas, pixels);
  const { data, width, height } = pixels;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d", { colorSpace: "srgb" })?.putImageData(new ImageData(data, width, height), 0, 0);
}
