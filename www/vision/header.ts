/**
 * What the first bytes of a picture's file say, read before anything is decoded: a file of some kilobytes may hold
 * billions of pixels.
 */

/** Kinds of files that browsers decode and that can't hold script. */
export type PictureType = "jpeg" | "png" | "gif" | "webp" | "avif";

/** What a file says of its picture. */
export interface PictureHeader {
  readonly type: PictureType;
  /** As stored, before any turning. */
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
  /** Bits a channel. */
  readonly bits: number;
  /** Made for print: four inks rather than three lights. */
  readonly cmyk: boolean;
  /** The file goes on to its end. */
  readonly complete: boolean;
}

/** A file's bytes with numbers in them; what lies beyond the end is 0. */
class Bytes {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(at: number): number {
    return this.#bytes[at] ?? 0;
  }

  u16(at: number): number {
    return this.u8(at) * 0x100 + this.u8(at + 1);
  }

  u32(at: number): number {
    return this.u16(at) * 0x10000 + this.u16(at + 2);
  }

  /** Little-endian. */
  low(at: number, count: number): number {
    let value = 0;
    for (let byte = count - 1; byte >= 0; byte -= 1) value = value * 0x100 + this.u8(at + byte);
    return value;
  }

  text(at: number, count: number): string {
    return String.fromCharCode(...this.#bytes.subarray(at, at + count));
  }

  /** Whether two bytes stand anywhere from `at` on, looked for from the end. */
  endsWithMarker(at: number, high: number, low: number): boolean {
    for (let end = this.length - 2; end >= at; end -= 1) if (this.#bytes[end] === high && this.#bytes[end + 1] === low) return true;
    return false;
  }
}

/** The header of a picture's file; `undefined` where the file is no picture that is read. */
export function readHeader(file: Uint8Array): PictureHeader | undefined {
  const bytes = new Bytes(file);
  if (bytes.u16(0) === 0xffd8) return jpeg(bytes);
  if (bytes.u32(0) === 0x89504e47 && bytes.u32(4) === 0x0d0a1a0a) return png(bytes);
  if (/^GIF8[79]a$/.test(bytes.text(0, 6))) return gif(bytes);
  if (bytes.text(0, 4) === "RIFF" && bytes.text(8, 4) === "WEBP") return webp(bytes);
  if (bytes.text(4, 4) === "ftyp" && /avi[fs]/.test(bytes.text(8, Math.min(bytes.u32(0), 64) - 8))) return avif(bytes);
  return undefined;
}

/** Segments up to the frame's (ITU-T T.81, B.1); those of EXIF may be many and are passed over. */
function jpeg(bytes: Bytes): PictureHeader | undefined {
  let at = 2;
  while (at < bytes.length && bytes.u8(at) === 0xff) {
    const marker = bytes.u8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) {
      return {
        type: "jpeg",
        bits: bytes.u8(at + 4),
        height: bytes.u16(at + 5),
        width: bytes.u16(at + 7),
        animated: false,
        cmyk: bytes.u8(at + 9) === 4,
        complete: bytes.endsWithMarker(at, 0xff, 0xd9),
      };
    } else at += 2 + bytes.u16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share their range. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function png(bytes: Bytes): PictureHeader | undefined {
  if (bytes.text(12, 4) !== "IHDR") return undefined;
  let animated = false;
  let complete = false;
  for (let at = 8; at + 12 <= bytes.length && !complete; at += 12 + bytes.u32(at)) {
    const name = bytes.text(at + 4, 4);
    animated ||= name === "acTL";
    complete = name === "IEND";
  }
  return { type: "png", width: bytes.u32(16), height: bytes.u32(20), bits: bytes.u8(24), animated, complete, cmyk: false };
}

/** Blocks up to the second picture or the end (GIF89a, 17 to 27). */
function gif(bytes: Bytes): PictureHeader {
  const table = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  const blocks = (from: number) => {
    let at = from;
    while (at < bytes.length && bytes.u8(at) !== 0) at += 1 + bytes.u8(at);
    return at + 1;
  };
  let pictures = 0;
  let at = 13 + table(bytes.u8(10));
  while (at < bytes.length && bytes.u8(at) !== 0x3b && pictures < 2) {
    const isPicture = bytes.u8(at) === 0x2c;
    if (isPicture) pictures += 1;
    at = isPicture ? blocks(at + 11 + table(bytes.u8(at + 9))) : blocks(at + 2);
  }
  return {
    type: "gif",
    width: bytes.low(6, 2),
    height: bytes.low(8, 2),
    bits: 8,
    animated: pictures > 1,
    complete: pictures > 1 || (pictures === 1 && at < bytes.length),
    cmyk: false,
  };
}

/** The three forms of a WebP file: extended, lossy (RFC 6386, 9.1) and lossless. */
function webp(bytes: Bytes): PictureHeader | undefined {
  const common = { type: "webp", bits: 8, cmyk: false, complete: bytes.length >= 8 + bytes.low(4, 4) } as const;
  switch (bytes.text(12, 4)) {
    case "VP8X":
      return { ...common, width: 1 + bytes.low(24, 3), height: 1 + bytes.low(27, 3), animated: (bytes.u8(20) & 2) !== 0 };
    case "VP8 ":
      return { ...common, width: bytes.low(26, 2) & 0x3fff, height: bytes.low(28, 2) & 0x3fff, animated: false };
    case "VP8L": {
      const packed = bytes.low(21, 4);
      return { ...common, width: 1 + (packed & 0x3fff), height: 1 + (Math.floor(packed / 0x4000) & 0x3fff), animated: false };
    }
    default:
      return undefined;
  }
}

/** The largest extents that the `ispe` properties state: a large picture is made of tiles with extents of their own. */
function avif(bytes: Bytes): PictureHeader | undefined {
  let meta = 0;
  let complete = true;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.u32(at);
    if (bytes.text(at + 4, 4) === "meta") meta = at + size;
    // A size of 0 reaches to the end, one of 1 is a large box's; neither has a place before the properties.
    if (size < 8) break;
    at += size;
    complete = at <= bytes.length;
  }
  let [width, height] = [0, 0];
  for (let at = 0; at + 20 <= Math.min(meta, bytes.length); at += 1) {
    if (bytes.u32(at + 4) !== 0x69737065) continue;
    width = Math.max(width, bytes.u32(at + 12));
    height = Math.max(height, bytes.u32(at + 16));
  }
  const animated = bytes.text(8, 4) === "avis";
  return meta === 0 ? undefined : { type: "avif", width, height, bits: 8, animated, complete, cmyk: false };
}
