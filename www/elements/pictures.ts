import type { Item, Nearshelf } from "../client/types.js";

/**
 * An address for each item's picture, in their order; `undefined` shows a tile.
 *
 * Pictures come out of the pack. `remote` also allows those that the catalogue only links to: showing one is a
 * request that tells its host what was recommended.
 */
export function picturesOf(
  client: Nearshelf,
  items: readonly Item[],
  remote: boolean,
): Promise<(string | undefined)[]> {
  return Promise.all(
    items.map(async ({ index, image }) => {
      const own = await client.image(index).catch(() => undefined);
      return own ?? (remote && /^https?:/i.test(image) ? image : undefined);
    }),
  );
}
