/** A drawn garment on a mannequin, dragged at its hem. `tests/bench/try-on.mjs` calls `measure`. */

import start, { TryOn, pictureTensor } from "/wasm/nearshelf_vision.js";
import { median, quantile } from "/bench/statistics.mjs";

const [WIDTH, HEIGHT] = [640, 800];
const SIDE = 640;
const CELLS = 80;

await start();

/** A cross of body and sleeves, as `src/try_on/examples/drag.rs` draws it. */
const inside = (x, y) => y >= 0.08 && y < 0.94 && ((x >= 0.3 && x < 0.7) || (x >= 0.06 && x < 0.94 && y < 0.3));

function picture() {
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [x, y] = [((at % SIDE) + 0.5) / SIDE, (Math.floor(at / SIDE) + 0.5) / SIDE];
    const fold = 1 - 0.2 * Math.sin(x * 40 + y * 9) ** 8;
    rgba.set(inside(x, y) ? [190 * fold, 40 * fold, 50 * fold, 255] : [232, 230, 226, 255], 4 * at);
  }
  return rgba;
}

const mask = Float32Array.from({ length: CELLS * CELLS }, (_, at) => (inside(((at % CELLS) + 0.5) / CELLS, (Math.floor(at / CELLS) + 0.5) / CELLS) ? 5 : -5));
const landmarks = Float32Array.of(
  0.43, 0.08, 1, 0.57, 0.08, 1, 0.3, 0.1, 1, 0.7, 0.1, 1, 0.06, 0.2, 1, 0.94, 0.2, 1, 0.3, 0.94, 1, 0.7, 0.94, 1, 0.3, 0.6, 1, 0.7, 0.6, 1,
);

function timed(work) {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

globalThis.measure = (frames) => {
  const rgba = picture();
  const session = new TryOn();
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext("2d");
  const show = () => context.putImageData(new ImageData(session.render(WIDTH, HEIGHT, false).data, WIDTH, HEIGHT), 0, 0);
  const once = {};
  let turn = 0;
  const several = (name, work) => (once[name] = median(Array.from({ length: 5 }, () => timed(work))));
  several("picture to tensor", () => pictureTensor(rgba, SIDE, SIDE));
  several("mannequin drawn", () => session.change({ do: "mannequin", build: "straight", tone: "tone-3" }));
  several("garment cut out", () => session.setGarment(rgba, SIDE, SIDE, mask, landmarks, "longsleeve"));
  session.setGarment(rgba, SIDE, SIDE, mask, landmarks, "skirt");
  once["first frame"] = timed(show);
  const drag = (frame) => {
    const { x, y } = session.fitting().worn.find(({ slot }) => slot === "top").handles[6];
    const way = frame % 20 < 10 ? 0.004 : -0.004;
    session.change({ do: "move", slot: "top", handle: 6, x: x + way, y: y + way / 2 });
    show();
  };
  const times = Array.from({ length: frames }, (_, frame) => timed(() => drag(frame)));
  several("another colour", () => session.change({ do: "colour", slot: "top", hex: ["#2a5aa0", "#a0302a"][(turn ^= 1)] }));
  once["another pattern"] = timed(() => session.change({ do: "pattern", slot: "top", pattern: { kind: "checks", colour: "#ffffff", scale: 0.1, angle: 20 } }));
  session.free();
  return { drag: { width: WIDTH, height: HEIGHT, frames, median: median(times), slow: quantile(times, 0.95) }, once };
};
