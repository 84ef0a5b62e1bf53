// Resolved by vite.config.ts to www/pkg/{baseline,relaxed}/nearshelf.js, which `./build.sh wasm` creates.
declare module "nearshelf-wasm/baseline" {
  const init: import("./shelf.js").ShelfModule["default"];
  export default init;
  export const Shelf: import("./shelf.js").ShelfModule["Shelf"];
}
declare module "nearshelf-wasm/relaxed" {
  const init: import("./shelf.js").ShelfModule["default"];
  export default init;
  export const Shelf: import("./shelf.js").ShelfModule["Shelf"];
}
