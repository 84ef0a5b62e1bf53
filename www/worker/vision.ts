import { transfer } from "comlink";
import { NearshelfError } from "../client/error.js";
import type { Pixels } from "../vision/decode.js";
import type { Companion, Design, Edit, FitPreference, Fitting, GarmentCategory, GarmentLook, Likeness, LookMatch, Measurements, PictureHeader, SizeAdvice, SizeChart, Slot, VisionLoaded } from "../vision/types.js";
import { answer } from "./answer.js";
import { fetchPart, type Part, partsFor } from "./parts.js";
import type { Answer, Simd, VisionHost, WornNow } from "./protocol.js";
import { Seer } from "./seer.js";
import type { LooksWasm, TryOnWasm, VisionModule } from "./vision-module.js";
import { startVision } from "./wasm.js";

/** Owns the models that see, the looks of the pack's pictures, and what is tried on. Pictures lie in its memory and nowhere else. */
export class Vision implements VisionHost {
  #pack = "";
  #simd: Simd = "baseline";
  #module: VisionModule | undefined;
  #parts: readonly Part[] = [];
  #looks: LooksWasm | undefined;
  #seer: Promise<Seer> | undefined;
  readonly #open = new Map<number, TryOnWasm>();
  #opened = 0;

  start(pack: string, simd: Simd): Promise<Answer<VisionLoaded>> {
    return answer(async () => {
      this.#pack = pack;
      this.#simd = simd;
      const [module, parts] = await Promise.all([startVision(), partsFor(pack, "vision")]);
      const looks = parts.find(({ name }) => name === "looks");
      this.#looks = looks && new module.Looks(await fetchPart(pack, looks.path));
      this.#module = module;
      this.#parts = parts;
      const has = (name: string) => parts.some((part) => part.name === name);
      return { looks: looks !== undefined, models: has("garment"), ownPeople: has("people"), mannequins: module.mannequins() };
    });
  }

  prepare(): Promise<Answer<undefined>> {
    return answer(async () => {
      await this.#seeing();
      return undefined;
    });
  }

  header(file: Blob): Promise<Answer<PictureHeader | undefined>> {
    return answer(async () => {
      const bytes = await file.arrayBuffer().catch((cause: unknown) => {
        // Moved or changed since it was chosen.
        throw new NearshelfError("undecodable", String(cause));
      });
      return this.#started().readHeader(new Uint8Array(bytes));
    });
  }

  see(pixels: Pixels): Promise<Answer<GarmentLook>> {
    return answer(async () => this.#read(await this.#seeing(), pixels).look);
  }

  similar(to: number | GarmentLook, likeness: Likeness, count: number, except: readonly number[]): Promise<Answer<readonly LookMatch[]>> {
    return answer(() => this.#looks?.similar(to, likeness, count, Uint32Array.from(except)) ?? []);
  }

  goesWith(to: number | GarmentLook, count: number, except: readonly number[], onBody: boolean): Promise<Answer<readonly Companion[]>> {
    return answer(() => this.#looks?.goesWith(to, count, Uint32Array.from(except), onBody) ?? []);
  }

  kind(item: number): Promise<Answer<GarmentCategory | "other" | undefined>> {
    return answer(() => this.#looks?.kind(item));
  }

  liked(viewed: readonly number[], items: readonly number[]): Promise<Answer<readonly (string | undefined)[]>> {
    return answer(() => items.map((item) => this.#looks?.liked(Uint32Array.from(viewed), item)));
  }

  open(): Promise<Answer<number>> {
    return answer(() => {
      const id = (this.#opened += 1);
      this.#open.set(id, new (this.#started().TryOn)());
      return id;
    });
  }

  close(id: number): Promise<Answer<undefined>> {
    return answer(() => {
      this.#open.get(id)?.free();
      this.#open.delete(id);
      return undefined;
    });
  }

  photo(id: number, pixels: Pixels, width: number): Promise<Answer<Fitting>> {
    return moved(
      answer(async () => {
        const person = (await this.#seeing()).person(pixels);
        const tryOn = this.#held(id);
        tryOn.setPhoto(pixels.data, pixels.width, pixels.height, person);
        return fitting(tryOn, width, true);
      }),
    );
  }

  wear(id: number, pixels: Pixels, width: number, as?: GarmentCategory): Promise<Answer<WornNow>> {
    return moved(
      answer(async () => {
        const { look, outputs } = this.#read(await this.#seeing(), pixels);
        const { mask, landmarks } = outputs;
        if (!mask || !landmarks) throw new NearshelfError("model-run-failed", "the model gives no mask or no landmarks: pack the shop again");
        const tryOn = this.#held(id);
        const slot = tryOn.setGarment(pixels.data, pixels.width, pixels.height, mask, landmarks, as ?? look.categories[0]?.name ?? "t-shirt");
        return { slot, look, ...fitting(tryOn, width, false) };
      }),
    );
  }

  edit(id: number, edits: readonly Edit[], width: number): Promise<Answer<Fitting>> {
    return moved(
      answer(() => {
        const tryOn = this.#held(id);
        for (const edit of edits) tryOn.change(edit);
        return fitting(tryOn, width, edits.some((edit) => edit.do === "mannequin"));
      }),
    );
  }

  garment(id: number, slot: Slot, width: number): Promise<Answer<Pixels>> {
    return answer(() => this.#held(id).renderGarment(slot, width));
  }

  design(id: number, slot: Slot, item: Design["item"], sizes: readonly string[]): Promise<Answer<Design>> {
    return answer(() => this.#held(id).design(slot, { ...item, sizes }));
  }

  chart(chart: string | object): Promise<Answer<SizeChart>> {
    return answer(() => this.#started().readSizeChart(chart));
  }

  advise(chart: SizeChart, measurements: Measurements, preference: FitPreference): Promise<Answer<SizeAdvice>> {
    return answer(() => this.#started().adviseSize(chart, measurements, preference));
  }

  #read(seer: Seer, pixels: Pixels) {
    const outputs = seer.garment(pixels);
    return { outputs, look: this.#started().readGarment(pixels.data, pixels.width, pixels.height, outputs) };
  }

  /** The models; fetched when they are first asked for. What failed to arrive may be asked for again. */
  #seeing(): Promise<Seer> {
    this.#seer ??= Seer.load(this.#started(), this.#pack, this.#parts, this.#simd).catch((cause: unknown) => {
      this.#seer = undefined;
      throw cause;
    });
    return this.#seer;
  }

  #started(): VisionModule {
    if (!this.#module) throw new NearshelfError("internal", "pictures were asked about before the module was started");
    return this.#module;
  }

  #held(id: number): TryOnWasm {
    const tryOn = this.#open.get(id);
    if (!tryOn) throw new NearshelfError("disposed", "this try-on was closed: open it again");
    return tryOn;
  }
}

/** What is worn now, as wide as asked and no wider than the person's picture. */
function fitting(tryOn: TryOnWasm, asked: number, withBefore: boolean): Fitting {
  const worn = tryOn.fitting();
  const width = Math.max(1, Math.min(worn.width, Math.round(asked)));
  const height = Math.max(1, Math.round((width * worn.height) / worn.width));
  return { ...worn, picture: tryOn.render(width, height, false), ...(withBefore && { before: tryOn.render(width, height, true) }) };
}

/** Moves pixels to the page rather than copying them. */
async function moved<T extends Fitting>(answered: Promise<Answer<T>>): Promise<Answer<T>> {
  const fitted = await answered;
  if (!("value" in fitted)) return fitted;
  const { picture, before } = fitted.value;
  return transfer(fitted, before ? [picture.data.buffer, before.data.buffer] : [picture.data.buffer]);
}
