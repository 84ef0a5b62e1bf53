import type { Picture } from "../worker/protocol.js";
import type { ItemRef } from "./types.js";

/** Most blob URLs that are kept; the one used longest ago is revoked first. */
const MAX_IMAGES = 600;

/** Blob URLs of the pack's pictures, each made once. */
export class Images {
  readonly #read: (which: ItemRef) => Promise<Picture | undefined>;
  readonly #urls = new Map<ItemRef, Promise<string | undefined>>();

  constructor(read: (which: ItemRef) => Promise<Picture | undefined>) {
    this.#read = read;
  }

  get(which: ItemRef): Promise<string | undefined> {
    const known = this.#urls.get(which);
    const url = known ?? this.#create(which);
    // Put (back) at the end: a Map iterates from the oldest.
    this.#urls.delete(which);
    this.#urls.set(which, url);
    for (const oldest of this.#urls.keys()) {
      if (this.#urls.size <= MAX_IMAGES) break;
      this.#revoke(oldest);
    }
    return url;
  }

  releaseAll(): void {
    for (const which of this.#urls.keys()) this.#revoke(which);
  }

  async #create(which: ItemRef): Promise<string | undefined> {
    let picture: Picture | undefined;
    try {
      picture = await this.#read(which);
      return picture && URL.createObjectURL(new Blob([picture.bytes], { type: picture.mime }));
    } finally {
      // Asked again later: the chunk that holds it may not be loaded yet.
      if (!picture) this.#urls.delete(which);
    }
  }

  #revoke(which: ItemRef): void {
    void this.#urls.get(which)?.then(
      (url) => url && URL.revokeObjectURL(url),
      () => undefined,
    );
    this.#urls.delete(which);
  }
}
