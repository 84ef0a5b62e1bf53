import type { Item, Nearshelf } from "../client/types.js";
import { linkedPicture } from "../elements/pictures.js";
import { LONGEST, type Pixels, pixelsOf } from "./decode.js";

/** Extents of a drawing that states none. */
const DRAWN = { width: 640, height: 800 };

/**
 * Pixels of an item's picture, `undefined` where it has none that may be read.
 *
 * `remote` also takes a picture that the catalogue only links to: a request to its host, which must allow it (CORS).
 */
export async function itemPixels(client: Nearshelf, { index, image }: Item, remote: boolean): Promise<Pixels | undefined> {
  const own = await client.image(index);
  const address = own ?? (remote ? linkedPicture(image, document.baseURI) : undefined);
  if (address === undefined) return undefined;
  // An element rather than a bitmap: those can't be made of drawings.
  const picture = new Image();
  if (own === undefined) {
    picture.crossOrigin = "anonymous";
    picture.referrerPolicy = "no-referrer";
  }
  picture.src = address;
  try {
    await picture.decode();
    const { naturalWidth: width, naturalHeight: height } = picture;
    // Drawings are sharp in any extents.
    const scale = LONGEST.garment / Math.max(width, height, 1);
    const grown = own !== undefined && scale > 1 ? { width: width * scale, height: height * scale } : { width, height };
    return width > 0 && height > 0 ? pixelsOf(picture, grown.width, grown.height, LONGEST.garment) : pixelsOf(picture, DRAWN.width, DRAWN.height, LONGEST.garment);
  } catch {
    // Gone, damaged, or of a host that lets nobody read it.
    return undefined;
  }
}
