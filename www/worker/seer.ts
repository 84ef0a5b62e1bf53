import { NearshelfError } from "../client/error.js";
import type { Pixels } from "../vision/decode.js";
import { elements, type PlanModel, type Tensors } from "./model.js";
import { fetchJson, fetchPlan, type Part } from "./parts.js";
import type { Simd } from "./protocol.js";
import type { Outputs, Person, VisionModule } from "./vision-module.js";

/** A model for people that the shop put in place of ours, and what the shop says of it (docs/vision.md). */
interface Stated {
  readonly model: PlanModel;
  readonly settings: object;
}

/** The models of a pack by the names of their parts. */
interface Models {
  readonly garment: PlanModel;
  readonly person: PlanModel | undefined;
  readonly segmentation: Stated | undefined;
  readonly pose: Stated | undefined;
}

/** The models that look at pictures. */
export class Seer {
  readonly #module: VisionModule;
  readonly #models: Models;

  private constructor(module: VisionModule, models: Models) {
    this.#module = module;
    this.#models = models;
  }

  /** Fetches the models that a pack lists. */
  static async load(module: VisionModule, pack: string, parts: readonly Part[], simd: Simd): Promise<Seer> {
    const pathOf = (name: string) => parts.find((part) => part.name === name)?.path;
    const plan = async (name: string) => {
      const path = pathOf(name);
      return path === undefined ? undefined : fetchPlan(pack, path, simd);
    };
    const people = pathOf("people");
    const [garment, person, segmentation, pose, said] = await Promise.all([
      plan("garment"), plan("person"), plan("segmentation"), plan("pose"), people === undefined ? {} : fetchJson(pack, people),
    ]);
    if (!garment) throw new NearshelfError("pack-invalid", "the pack has no model that sees garments: pack the shop again");
    const settings = said as Partial<Record<"segmentation" | "pose", object>>;
    const stated = (model: PlanModel | undefined, about: object | undefined) => model && about && { model, settings: about };
    return new Seer(module, { garment, person, segmentation: stated(segmentation, settings.segmentation), pose: stated(pose, settings.pose) });
  }

  garment(pixels: Pixels): Outputs {
    return arrays(this.#models.garment.run(this.#ours(pixels)));
  }

  person(pixels: Pixels): Person {
    const module = this.#module;
    const { person, segmentation, pose } = this.#models;
    const { data, width, height } = pixels;
    const regions =
      segmentation &&
      ran(segmentation, (settings, shape) => module.segmentationTensor(data, width, height, settings, shape), (values, outputShape, about) => module.readSegmentation(values, outputShape, about));
    const keyPoints =
      pose && ran(pose, (settings, shape) => module.poseTensor(data, width, height, settings, shape), (...output) => module.readPose(...output));
    if (regions && keyPoints) return { ...regions, keyPoints };
    if (!person) throw new NearshelfError("pack-invalid", "the pack has no model that sees people: pack the shop again");
    const own = module.readPerson(arrays(person.run(this.#ours(pixels))));
    return { ...own, ...regions, ...(keyPoints && { keyPoints }) };
  }

  /** The input of our own models. */
  #ours({ data, width, height }: Pixels): Tensors {
    return { image: { data: this.#module.pictureTensor(data, width, height), shape: [1, 3, 160, 160] } };
  }
}

/** Runs a model that the shop described. */
function ran<T>(
  { model, settings }: Stated,
  tensor: (settings: object, inputShape: readonly number[]) => Float32Array,
  read: (output: Float32Array, outputShape: readonly number[], settings: object, inputShape: readonly number[]) => T,
): T {
  const [input] = model.inputs;
  const [output] = model.outputs;
  const shape = input?.shape ?? [];
  const values = arrays(model.run({ [input?.name ?? ""]: { data: tensor(settings, shape), shape } }))[output?.name ?? ""];
  if (!values) throw new NearshelfError("model-run-failed", "a model for people gives no numbers: pack the shop again");
  return read(values, output?.shape ?? [], settings, shape);
}

function arrays(outputs: Tensors): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, tensor]) => {
      const data = elements(tensor);
      return data instanceof Float32Array ? [[name, data]] : [];
    }),
  );
}
