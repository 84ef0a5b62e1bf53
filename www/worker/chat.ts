import { NearshelfError } from "../client/error.js";
import type { ChatItem, ChatLoaded, ChatReply, ChatTurn, ChatWasm } from "../chat/types.js";
import { answer } from "./answer.js";
import { elements, type PlanModel } from "./model.js";
import { fetchJson, fetchPlan, type Part, partsFor } from "./parts.js";
import type { Answer, ChatHost, Simd } from "./protocol.js";
import { startChat } from "./wasm.js";

/** What answers without the model, and what the model needs. */
const FIRST = ["answers", "words", "tagger"];
const ENCODER = "encoder";

/** Owns the shop assistant, and the encoder that it asks. */
export class Chat implements ChatHost {
  #pack = "";
  #simd: Simd = "baseline";
  #parts: readonly Part[] = [];
  #chat: ChatWasm | undefined;
  #encoder: PlanModel | undefined;
  #hasWords = false;

  start(pack: string, simd: Simd): Promise<Answer<ChatLoaded>> {
    return answer(async () => {
      this.#pack = pack;
      this.#simd = simd;
      const [module, parts] = await Promise.all([startChat(), partsFor(pack, "chat")]);
      const chat = new module.Chat();
      this.#parts = parts;
      await Promise.all(
        this.#parts.filter(({ name }) => FIRST.includes(name)).map(async ({ name, path }) => {
          const content = await fetchJson(pack, path);
          try {
            chat.set(name, content);
          } catch (error) {
            // One of an older widget's time: what lists and rules find will do until the shop packs anew.
            if (name !== "tagger") throw error;
            console.warn(`nearshelf: the chat goes on without its tagger: ${String(error)}`);
          }
          this.#hasWords ||= name === "words";
        }),
      );
      this.#chat = chat;
      return this.#loaded();
    });
  }

  setItems(items: readonly ChatItem[]): Promise<Answer<undefined>> {
    return answer(() => {
      this.#started().setItems(items);
      return undefined;
    });
  }

  refine(): Promise<Answer<ChatLoaded>> {
    return answer(async () => {
      const chat = this.#started();
      const [head, encoder] = ["head", ENCODER].map((wanted) => this.#parts.find(({ name }) => name === wanted));
      if (head && encoder && !this.#encoder) {
        const [json, model] = await Promise.all([fetchJson(this.#pack, head.path), fetchPlan(this.#pack, encoder.path, this.#simd)]);
        chat.set(head.name, json);
        this.#encoder = model;
      }
      return this.#loaded();
    });
  }

  reply(message: string, turn: ChatTurn): Promise<Answer<ChatReply>> {
    return answer(() => {
      const chat = this.#started();
      const encoder = this.#encoder;
      const asksEncoder = encoder !== undefined && turn.intent === undefined;
      const embeddings = asksEncoder ? chat.readings(message).map((reading) => embedding(encoder, reading, chat)) : [];
      return chat.reply(message, embeddings, turn);
    });
  }

  #loaded(): ChatLoaded {
    const modelToCome = !this.#encoder && this.#parts.some(({ name }) => name === ENCODER);
    return { judgesBy: this.#encoder ? "encoder" : this.#hasWords ? "words" : "rules", modelToCome };
  }

  #started(): ChatWasm {
    if (!this.#chat) throw new NearshelfError("internal", "the assistant was asked before it was started");
    return this.#chat;
  }
}

/** What the encoder makes of one reading; zeros of one without words. */
function embedding(encoder: PlanModel, reading: Int32Array, chat: ChatWasm): Float32Array {
  if (reading.length === 0) return new Float32Array(chat.dim ?? 0);
  const shape = [1, reading.length / chat.rowLength, chat.rowLength];
  const output = encoder.run({ ids: { data: reading, shape } })["embedding"];
  const values = output && elements(output);
  if (!(values instanceof Float32Array)) throw new NearshelfError("model-run-failed", "the chat's encoder gives no embedding: pack the shop again");
  return values;
}
