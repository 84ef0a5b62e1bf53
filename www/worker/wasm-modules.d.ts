// Resolved by vite.config.ts to the glue in www/pkg, which `./build.sh wasm` creates.
declare module "nearshelf-wasm" {
  const init: (from?: { readonly module_or_path: URL }) => Promise<unknown>;
  export default init;
  export const Shelf: import("./shelf.js").ShelfModule["Shelf"];
  export const ModelReader: import("./model.js").ModelModule["ModelReader"];
  export const Items: import("./model.js").ModelModule["Items"];
  export const GpuDevice: import("./model.js").ModelModule["GpuDevice"];
}
declare module "nearshelf-wasm/chat" {
  const init: () => Promise<unknown>;
  export default init;
  export const Chat: new () => import("../chat/types.js").ChatWasm;
}
declare module "nearshelf-wasm/vision" {
  const init: () => Promise<unknown>;
  export default init;
  export const readHeader: import("./vision-module.js").VisionModule["readHeader"];
  export const pictureTensor: import("./vision-module.js").VisionModule["pictureTensor"];
  export const segmentationTensor: import("./vision-module.js").VisionModule["segmentationTensor"];
  export const poseTensor: import("./vision-module.js").VisionModule["poseTensor"];
  export const readGarment: import("./vision-module.js").VisionModule["readGarment"];
  export const readPerson: import("./vision-module.js").VisionModule["readPerson"];
  export const readSegmentation: import("./vision-module.js").VisionModule["readSegmentation"];
  export const readPose: import("./vision-module.js").VisionModule["readPose"];
  export const mannequins: import("./vision-module.js").VisionModule["mannequins"];
  export const readSizeChart: import("./vision-module.js").VisionModule["readSizeChart"];
  export const adviseSize: import("./vision-module.js").VisionModule["adviseSize"];
  export const TryOn: import("./vision-module.js").VisionModule["TryOn"];
  export const Looks: import("./vision-module.js").VisionModule["Looks"];
}
declare module "nearshelf-wasm/search" {
  const init: () => Promise<unknown>;
  export default init;
  export const Search: import("./search.js").SearchModule["Search"];
}
declare module "nearshelf-wasm/shards" {
  const init: () => Promise<unknown>;
  export default init;
  export const Shards: import("./shards.js").ShardModule["Shards"];
}
declare module "nearshelf-wasm/onnx" {
  const init: () => Promise<unknown>;
  export default init;
  export const __wbg_reset_state: () => void;
  export const compileOnnx: import("./model.js").OnnxModule["compileOnnx"];
  export const TractModel: import("./model.js").OnnxModule["TractModel"];
}
