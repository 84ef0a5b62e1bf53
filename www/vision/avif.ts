import type { Bytes, PictureHeader } from "./header.js";

/** More items than a picture of 16 × 16 tiles has, with its opacity and what is said of it. */
const MOST_ITEMS = 1024;
/** More boxes beside each other than that many items have. */
const MOST_BOXES = 4096;
/** More than is said of them: profiles of colour count, EXIF lies elsewhere. */
const MOST_META = 2 ** 20;

/** Kind of the unit that states the extents of frames. */
const SEQUENCE_HEADER = 1;

/** A box (ISO/IEC 14496-12, 4.2): where its content begins and ends. */
interface Box {
  readonly name: string;
  readonly at: number;
  readonly end: number;
}

/**
 * A still AVIF picture. What its properties say of its extents binds no decoder: each of its pictures is asked itself. Films are not
 * read, nor what no camera or program writes: pictures in several pieces or over one another.
 */
export function avif(bytes: Bytes): PictureHeader | undefined {
  const outer = boxes(bytes, 0, bytes.length, true);
  const meta = outer?.find(({ name }) => name === "meta");
  if (!outer || !meta || meta.end - meta.at > MOST_META || outer.some(({ name }) => name === "moov")) return undefined;
  const inner = boxes(bytes, meta.at + 4, Math.min(meta.end, bytes.length));
  const coded = inner && codedPixels(bytes, inner);
  if (coded === undefined) return undefined;
  let [width, height] = [0, 0];
  for (let at = meta.at; at + 20 <= meta.end; at += 1) {
    if (bytes.u32(at + 4) !== 0x69737065) continue;
    width = Math.max(width, bytes.u32(at + 12));
    height = Math.max(height, bytes.u32(at + 16));
  }
  const complete = outer.every(({ end }) => end <= bytes.length);
  return { type: "avif", width, height, pixels: Math.max(width * height, coded), bits: 8, animated: false, complete, cmyk: false };
}

/**
 * Boxes beside each other. `undefined` where they are too many, or one's size isn't stated in 32 bits, as no picture needs: only the
 * file's last box may reach `toEnd` without stating it.
 */
function boxes(bytes: Bytes, from: number, to: number, toEnd = false): Box[] | undefined {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const size = bytes.u32(at);
    const end = size === 0 && toEnd ? to : at + size;
    if (end < at + 8 || found.length === MOST_BOXES) return undefined;
    found.push({ name: bytes.text(at + 4, 4), at: at + 8, end });
    at = end;
  }
  return found;
}

/** Pixels that its pictures are decoded to: colours, opacity, tiles and all. `undefined` where that can't be told. */
function codedPixels(bytes: Bytes, inner: readonly Box[]): number | undefined {
  const places = itemPlaces(bytes, inner);
  const pictures = pictureItems(bytes, inner);
  if (!places || !pictures?.size) return undefined;
  let [pixels, read] = [0, 0];
  for (const { item, from, to } of places) {
    // Pieces that lie over one another could be read any number of times.
    read += Math.max(0, to - from);
    if (read > bytes.length) return undefined;
    if (!pictures.has(item)) continue;
    const coded = itemPixels(bytes, from, to);
    if (coded === undefined) return undefined;
    pixels += coded;
  }
  return pixels;
}

/** Items that are AV1 pictures (ISO/IEC 14496-12, 8.11.6). */
function pictureItems(bytes: Bytes, inner: readonly Box[]): ReadonlySet<number> | undefined {
  const info = inner.find(({ name }) => name === "iinf");
  const items = info && boxes(bytes, info.at + (bytes.u8(info.at) === 0 ? 6 : 8), info.end);
  if (!items) return undefined;
  const found = new Set<number>();
  for (const { at, end } of items) {
    const wide = bytes.u8(at) > 2;
    const type = at + (wide ? 10 : 8);
    if (type + 4 <= end && bytes.text(type, 4) === "av01") found.add(wide ? bytes.u32(at + 4) : bytes.u16(at + 4));
  }
  return found;
}

/** Where items lie in the file (ISO/IEC 14496-12, 8.11.3). */
function itemPlaces(bytes: Bytes, inner: readonly Box[]): { readonly item: number; readonly from: number; readonly to: number }[] | undefined {
  const location = inner.find(({ name }) => name === "iloc");
  if (!location) return undefined;
  const version = bytes.u8(location.at);
  const sizes = bytes.u16(location.at + 4);
  let at = location.at + 6;
  const number = (size: number) => {
    let value = 0;
    for (const end = at + size; at < end; at += 1) value = value * 0x100 + bytes.u8(at);
    return value;
  };
  const idSize = version < 2 ? 2 : 4;
  const count = number(idSize);
  if (version > 2 || count > MOST_ITEMS) return undefined;
  const data = inner.find(({ name }) => name === "idat");
  const found = [];
  for (let place = 0; place < count; place += 1) {
    const item = number(idSize);
    const method = version === 0 ? 0 : number(2) & 15;
    const origin = method === 0 ? 0 : method === 1 ? data?.at : undefined;
    const isElsewhere = number(2) !== 0;
    const base = number((sizes >> 4) & 15);
    if (number(2) !== 1 || isElsewhere || origin === undefined) return undefined;
    if (version > 0) number(sizes & 15);
    const from = origin + base + number(sizes >> 12);
    const length = number((sizes >> 8) & 15);
    found.push({ item, from, to: length === 0 ? bytes.length : from + length });
  }
  return found;
}

/** Pixels of the largest frames that a picture's data allow (AV1 specification, 5.3). */
function itemPixels(bytes: Bytes, from: number, to: number): number | undefined {
  let most = 0;
  for (let at = from; at < to; ) {
    const header = bytes.u8(at);
    at += header & 4 ? 2 : 1;
    let size = to - at;
    if (header & 2) {
      size = 0;
      let shift = 1;
      let byte;
      do {
        byte = bytes.u8(at);
        size += (byte & 0x7f) * shift;
        shift *= 0x80;
        at += 1;
      } while (byte & 0x80 && shift < 2 ** 56);
    }
    if (((header >> 3) & 15) === SEQUENCE_HEADER) {
      const pixels = sequencePixels(bytes, at);
      if (pixels === undefined) return undefined;
      most = Math.max(most, pixels);
    }
    at += size;
  }
  return most;
}

/** Pixels of the largest frame that a sequence header allows (AV1 specification, 5.5.1). */
function sequencePixels(bytes: Bytes, from: number): number | undefined {
  let place = from * 8;
  const bits = (count: number) => {
    let value = 0;
    for (const end = place + count; place < end; place += 1) value = value * 2 + ((bytes.u8(place >>> 3) >> (7 - (place & 7))) & 1);
    return value;
  };
  bits(4);
  const isReduced = bits(1) === 1;
  if (isReduced) bits(5);
  else {
    // Stills have no times.
    if (bits(1) === 1) return undefined;
    const hasDelay = bits(1) === 1;
    for (let points = bits(5); points >= 0; points -= 1) {
      bits(12);
      if (bits(5) > 7) bits(1);
      if (hasDelay && bits(1) === 1) bits(4);
    }
  }
  const [across, down] = [bits(4) + 1, bits(4) + 1];
  // Frames of other sequences may state extents of their own, of as many bits.
  return isReduced ? (bits(across) + 1) * (bits(down) + 1) : 2 ** (across + down);
}
