import { NearshelfError } from "../client/error.js";
import type { ChatItem, ChatLoaded, ChatReply, ChatTurn, ChatWasm } from "../chat/types.js";
import { answer } from "./answer.js";
import { fetchBytes, fetchPieces, urlInPack } from "./fetch.js";
import { elements, type ModelModule, type PlanModel } from "./model.js";
import type { Answer, ChatHost, Simd } from "./protocol.js";
import { startChat, startWasm } from "./wasm.js";

/** A file of the pack, as its manifest names it. */
interface Part {
  readonly name: string;
  readonly path: string;
}

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
      const [module, manifest] = await Promise.all([startChat(), fetchBytes(urlInPack(pack, "manifest.json"), "manifest-unreachable", "no-cache")]);
      const chat = new module.Chat();
      this.#parts = partsOf(manifest);
      await Promise.all(
        this.#parts.filter(({ name }) => FIRST.includes(name)).map(async ({ name, path }) => {
          chat.set(name, await this.#json(path));
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
        const [json, model] = await Promise.all([this.#json(head.path), this.#plan(encoder.path)]);
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

  async #json(path: string): Promise<unknown> {
    const bytes = await fetchBytes(urlInPack(this.#pack, path), "chunk-unreachable", "default");
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
    } catch (cause) {
      throw new NearshelfError("pack-invalid", `${path} is damaged: load the page again, or pack the shop again`, { cause });
    }
  }

  async #plan(path: string): Promise<PlanModel> {
    const module: ModelModule = await startWasm(this.#simd);
    const reader = new module.ModelReader();
    try {
      for await (const piece of fetchPieces(urlInPack(this.#pack, path), "model-unreachable", "default")) reader.push(piece);
    } catch (cause) {
      reader.free();
      throw cause;
    }
    return reader.finish();
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

function partsOf(manifest: Uint8Array): readonly Part[] {
  const { chat } = JSON.parse(new TextDecoder().decode(manifest)) as { chat?: unknown };
  const isPart = (part: unknown): part is Part => typeof (part as Part | null)?.name === "string" && typeof (part as Part).path === "string";
  return Array.isArray(chat) ? chat.filter(isPart) : [];
}
