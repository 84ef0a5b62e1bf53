/** One pack asked for lists: by a page's client and its worker, and its parts on the page's own thread. */

/** Browsers' clocks tell tenths of a millisecond: what is short is done so often for a sample. */
const OFTEN = 20;
/** Candidates that a list of 20 takes from the scan. */
const CLOSEST = 100;
const LIMIT = 20;

const [{ default: start, Items, ModelReader, Shelf }, { createNearshelf }] = await Promise.all([
  import("/wasm/relaxed/nearshelf.js"),
  import("/shop/widget/nearshelf.js"),
]);
await start();
const bytesOf = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());

let client;
let shelf;
let encoder;
let rows;
let query;

function request(history, now, more = {}) {
  return {
    ...{ kind: "for-you", anchors: [], history, limit: LIMIT, pins: [], exclude: [], notInterested: [], alreadyShown: [] },
    ...{ nowMillis: now, repeatPurchases: false, ...more },
  };
}

/** Rows as many and as long as the pack's, about 1,000 centres: what is read in a scan doesn't depend on which they are. */
function drawnRows(count, dim) {
  let state = 7;
  const byte = () => ((state = Math.imul(state, 1_664_525) + 1_013_904_223) >> 24);
  const centres = Array.from({ length: 1000 * dim }, byte);
  const values = Int8Array.from({ length: count * dim }, (_, at) => (centres[((at / dim) % 1000 | 0) * dim + (at % dim)] >> 1) + (byte() >> 2));
  return new Items(dim, values, new Float32Array(count).fill(1 / 127), false);
}

/** Opens the pack twice: for the client, and here. Resolves to what came, and how long a list took that came first. */
async function open() {
  client = createNearshelf({ pack: "/shop/" });
  await client.ready;
  if (client.status().phase !== "refined") await new Promise((done) => client.subscribe("refined", done));
  shelf = new Shelf(await bytesOf("/shop/manifest.json"));
  const wanted = shelf.wanted();
  for (const model of [false, true]) {
    for (const { path, kind } of wanted.filter((file) => (file.kind === "model") === model)) {
      const bytes = await bytesOf(`/shop/${path}`);
      if (kind === "model") shelf.loadModel(path, bytes);
      else shelf.addChunk(path, bytes);
    }
  }
  const reader = new ModelReader();
  reader.push(await bytesOf("/encoder.plan"));
  encoder = reader.finish();
  const dim = encoder.inputs.find(({ name }) => name === "items").shape.at(-1);
  rows = drawnRows(shelf.itemCount, dim);
  query = Float32Array.from({ length: dim }, (_, at) => Math.sin(at));
  const [firstMillis] = timed(() => shelf.recommend(request([], Date.now())));
  return { itemCount: shelf.itemCount, models: shelf.models, firstMillis };
}

function timed(work, times = 1) {
  const began = performance.now();
  let value;
  for (let time = 0; time < times; time++) value = work();
  return [(performance.now() - began) / times, value];
}

/** Runs the encoder over ones: its work doesn't depend on what it reads. */
function encoding() {
  const inputs = {};
  for (const { name, shape } of encoder.inputs) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    inputs[name] = { data: name === "items" ? new Float32Array(length).fill(0.1) : new Int32Array(length), shape };
  }
  return () => encoder.run(inputs);
}

/** One shopper, in milliseconds. */
async function round(history, now) {
  await client.history.erase();
  for (const { itemId, kind } of history) await client.track({ type: kind, itemId });
  const asked = performance.now();
  const shown = await client.recommend({ kind: "for-you", limit: LIMIT });
  const page = performance.now() - asked;
  if (shown.refinedBy !== "model" || shown.items.length !== LIMIT) throw new Error("the list is not the model's, or not whole");
  const [whole, answer] = timed(() => shelf.recommend(request(history, now)));
  const [plain] = timed(() => shelf.recommend(request(history, now, { diversity: 0 })));
  const [candidates] = timed(() => shelf.explain(request(history, now), answer.items[0].id));
  const [encoder] = timed(encoding(), OFTEN);
  const [scan] = timed(() => rows.run({ query, count: Int32Array.of(CLOSEST) }), OFTEN);
  return { page, whole, plain, candidates, encoder, scan, explained: answer.items.filter((item) => item.grounds.length > 0).length };
}

globalThis.measure = {
  open,
  async rounds(histories, now) {
    // Until the browser's optimised code is there.
    for (const history of histories.slice(0, 10)) await round(history, now);
    const samples = [];
    for (const history of histories) samples.push(await round(history, now));
    return samples;
  },
};
