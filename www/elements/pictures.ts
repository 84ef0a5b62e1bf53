import type { Item, Nearshelf } from "../client/types.js";

/** A picture's address; `undefined` shows a tile, `null` an empty frame: it may still come. */
export type Picture = string | undefined | null;

/**
 * An address for each item's picture, in their order, once the pack's pictures are in.
 *
 * `remote` also allows pictures that the catalogue only links to: showing one is a request that tells its host what
 * was recommended.
 */
export function picturesOf(client: Nearshelf, items: readonly Item[], remote: boolean): Promise<Picture[]> {
  return Promise.all(
    items.map(async ({ index, image }) => {
      const own = await client.image(index).catch(() => undefined);
      return own ?? (remote ? linkedPicture(image, document.baseURI) : undefined);
    }),
  );
}

/**
 * The address that a catalogue links to, as the page at `base` reads it. `undefined` for all else: a relative path names
 * a file beside the catalogue, which is not on the web.
 */
export function linkedPicture(image: string, base: string): string | undefined {
  if (!/^(https?:)?\//i.test(image)) return undefined;
  try {
    return new URL(image, base).href;
  } catch {
    return undefined;
  }
}
