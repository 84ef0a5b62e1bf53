import { html, nothing, type TemplateResult } from "lit";
import type { Handles } from "./handles.js";
import { valueOf } from "./panels.js";
import type { Pixels } from "./decode.js";
import type { RoomActions, RoomView, WearerActions } from "./view.js";

/** The picture, what lies over it, and what changes how it is seen. */
export function stage(view: RoomView, act: RoomActions, handles: Handles): TemplateResult {
  const { words, fitting, before, stream, isAdjusting, current } = view;
  const worn = fitting.worn.find(({ slot }) => slot === current);
  const titles = fitting.worn.map(({ slot }) => view.pieces.get(slot)?.title ?? words.slots[slot]).join(", ");
  return html`<div part="stage" .style=${`aspect-ratio: ${fitting.width} / ${fitting.height}; --_aspect: ${fitting.width / fitting.height}`}>
      <canvas id="bare" aria-hidden="true"></canvas>
      <canvas id="picture" role="img" aria-label=${words.worn(view.hasPhoto ? words.photoAlt : words.mannequinAlt, titles)} .style=${`clip-path: inset(0 0 0 ${before}%)`}></canvas>
      ${before > 0 && before < 100 ? html`<span part="divider" .style=${`left: ${before}%`}></span>` : nothing}
      ${isAdjusting && worn ? handles.render(worn, words) : nothing}
      <div role="status">${view.isLooking ? html`<p part="busy">${words.looking}</p>` : nothing}</div>
      ${stream ? camera(stream, view, act.wearer) : nothing}
    </div>
    ${fitting.worn.length > 0 && !stream ? tools(view, act) : nothing}`;
}

function tools({ words, fitting, before, isAdjusting }: RoomView, act: RoomActions): TemplateResult {
  return html`<label part="compare">${words.compare}
      <input type="range" min="0" max="100" step="1" aria-valuetext=${words.compared(before)} .value=${String(before)} @input=${(event: Event) => act.compare(Number(valueOf(event)))} />
    </label>
    <div part="tools" role="group" aria-label=${words.adjust}>
      <button part="adjust" type="button" aria-pressed=${isAdjusting} @click=${() => act.adjust(!isAdjusting)}>${words.adjust}</button>
      <button part="undo" type="button" ?disabled=${!fitting.canUndo} @click=${() => act.undo()}>${words.undo}</button>
      <button part="redo" type="button" ?disabled=${!fitting.canRedo} @click=${() => act.redo()}>${words.redo}</button>
      <button part="reset" type="button" @click=${() => act.reset()}>${words.reset}</button>
    </div>
    ${isAdjusting ? html`<p part="hint" id="adjust-hint">${words.adjustHint}</p>` : nothing}`;
}

/** The camera's picture, mirrored as people know themselves, with what says that it is on. */
function camera(stream: MediaStream, { words }: RoomView, act: WearerActions): TemplateResult {
  return html`<div part="camera">
    <video autoplay playsinline muted .srcObject=${stream} aria-label=${words.camera}></video>
    <p part="camera-on"><span aria-hidden="true"></span>${words.cameraOn}</p>
    <div class="shutter">
      <p>${words.cameraHint}</p>
      <button part="take" type="button" @click=${() => act.take()}>${words.take}</button>
      <button part="cancel" type="button" @click=${() => act.cancelCamera()}>${words.cancel}</button>
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
