/**
 * In the page: what is done with one picture, on the page's one thread, as `www/worker/vision.ts` does it: a tensor, the garment's model, what
 * its outputs say (kind, attributes, palette, look), and the person's model.
 */

import startEngine, { ModelReader } from "/wasm/relaxed/nearshelf.js";
import startVision, { pictureTensor, readGarment, readPerson } from "/wasm/vision/nearshelf_vision.js";

const SIDE = 160;

async function plan(address) {
  const reader = new ModelReader();
  reader.push(new Uint8Array(await (await fetch(address)).arrayBuffer()));
  return reader.finish();
}

/** Pixels of a picture of the demo's. */
async function pixels(address, width, height) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

const timed = (work) => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

globalThis.measure = async (rounds) => {
  await Promise.all([startEngine(), startVision()]);
  const [garment, person] = [await plan("/plans/garment.plan"), await plan("/plans/person.plan")];
  const { data, width, height } = await pixels("/garment.svg", 640, 800);
  const outputs = (model) => Object.fromEntries(Object.entries(model.run({ image: { data: pictureTensor(data, width, height), shape: [1, 3, SIDE, SIDE] } })).map(([name, tensor]) => [name, tensor.data ?? tensor]));
  const times = { garment: [], person: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.garment.push(timed(() => readGarment(data, width, height, outputs(garment))));
    times.person.push(timed(() => readPerson(outputs(person))));
    await new Promise((next) => setTimeout(next));
  }
  return times;
};
