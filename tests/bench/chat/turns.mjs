/** The assistant's parts as its worker has them, on the page's thread. */

const NOUNS = "dress jacket lamp kettle sofa rug parcel order refund size colour price weekend birthday garden kitchen".split(" ");
const WORDS = "please could you tell me whether the in my which i ordered on monday will be here before and if not how can send it back or change for".split(" ");

/** A message of so many words, another for each number. */
function message(words, number) {
  const word = (at) => (at % 4 === 3 ? NOUNS[(number * 7 + at) % NOUNS.length] : WORDS[(number + at * 5) % WORDS.length]);
  return Array.from({ length: words }, (_, at) => word(at)).join(" ");
}

const [{ default: startEngine, ModelReader }, { default: startChat, Chat }] = await Promise.all([
  import("/wasm/relaxed/nearshelf.js"),
  import("/wasm/chat/nearshelf_chat.js"),
]);
await Promise.all([startEngine(), startChat()]);
const load = async (name) => (await fetch(`/chat/${name}`)).arrayBuffer();
const [plan, head, tagger] = await Promise.all(["encoder.plan", "head.json", "tagger.json"].map(load));
const reader = new ModelReader();
reader.push(new Uint8Array(plan));
const encoder = reader.finish();
const chat = new Chat();
const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
chat.set("head", parsed(head));
chat.set("tagger", parsed(tagger));

/** One message through all of it, in milliseconds. */
function turn(text) {
  const began = performance.now();
  const [reading] = chat.readings(text);
  const read = performance.now();
  const shape = [1, reading.length / chat.rowLength, chat.rowLength];
  const { embedding } = encoder.run({ ids: { data: reading, shape } });
  const embedded = performance.now();
  chat.reply(text, [embedding.data ?? embedding], { locale: "en" });
  return { reading: read - began, encoder: embedded - read, answer: performance.now() - embedded };
}

globalThis.measure = {
  rounds(units, count) {
    for (let warm = 0; warm < 30; warm++) turn(message(units, count + warm));
    return Array.from({ length: count }, (_, number) => turn(message(units, number)));
  },
};
