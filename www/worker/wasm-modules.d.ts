// Resolved by vite.config.ts to the glue in www/pkg, which `./build.sh wasm` creates.
declare module "nearshelf-wasm/baseline" {
  const init: () => Promise<unknown>;
  export default init;
  export const Shelf: import("./shelf.js").ShelfModule["Shelf"];
  export const ModelReader: import("./model.js").ModelModule["ModelReader"];
}
declare module "nearshelf-wasm/relaxed" {
  const init: () => Promise<unknown>;
  export default init;
  export const Shelf: import("./shelf.js").ShelfModule["Shelf"];
  export const ModelReader: import("./model.js").ModelModule["ModelReader"];
}
declare module "nearshelf-wasm/onnx" {
  const init: () => Promise<unknown>;
  export default init;
  export const __wbg_reset_state: () => void;
  export const compileOnnx: import("./model.js").OnnxModule["compileOnnx"];
  export const TractModel: import("./model.js").OnnxModule["TractModel"];
}
