/**
 * What the first bytes of a picture's file say, read before anything is decoded: a file of some kilobytes may hold
 * billions of pixels.
 */

import { avif } from "./avif.js";

/** Kinds of files that browsers decode and that can't hold script. */
export type PictureType = "jpeg" | "png" | "gif" | "webp" | "avif";

/** What a file says of its picture. */
export interface PictureHeader {
  readonly type: PictureType;
  /** As stored, before any turning. */
  readonly width: number;
  readonly height: number;
  /** Most pixels that decoding it may take memory for: frames and parts may be larger than what the file says first. */
  readonly pixels: number;
  readonly animated: boolean;
  /** Bits a channel. */
  readonly bits: number;
  /** Made for print: four inks rather than three lights. */
  readonly cmyk: boolean;
  /** The file goes on to its end. */
  readonly complete: boolean;
}

/** A file's bytes with numbers in them; what lies beyond the end is 0. */
export class Bytes {
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
        ...extents(bytes.u16(at + 7), bytes.u16(at + 5)),
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
  return { type: "png", ...extents(bytes.u32(16), bytes.u32(20)), bits: bytes.u8(24), animated, complete, cmyk: false };
}

/** All blocks (GIF89a, 17 to 27). A frame may be larger than the screen that it is to be shown on: browsers take memory for both. */
function gif(bytes: Bytes): PictureHeader {
  const table = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  const blocks = (from: number) => {
    let at = from;
    while (at < bytes.length && bytes.u8(at) !== 0) at += 1 + bytes.u8(at);
    return at + 1;
  };
  const screen = extents(bytes.low(6, 2), bytes.low(8, 2));
  let [right, bottom] = [screen.width, screen.height];
  let pictures = 0;
  let complete = false;
  let at = 13 + table(bytes.u8(10));
  while (at < bytes.length && bytes.u8(at) !== 0x3b) {
    if (bytes.u8(at) === 0x2c) {
      pictures += 1;
      right = Math.max(right, bytes.low(at + 1, 2) + bytes.low(at + 5, 2));
      bottom = Math.max(bottom, bytes.low(at + 3, 2) + bytes.low(at + 7, 2));
      at = blocks(at + 11 + table(bytes.u8(at + 9)));
      // What follows the first picture is not shown.
      complete ||= at < bytes.length;
    } else at = blocks(at + 2);
  }
  return { type: "gif", ...screen, pixels: right * bottom, bits: 8, animated: pictures > 1, complete, cmyk: false };
}

/** The three forms of a WebP file: extended, lossy (RFC 6386, 9.1) and lossless. */
function webp(bytes: Bytes): PictureHeader | undefined {
  const common = { type: "webp", bits: 8, cmyk: false, complete: bytes.length >= 8 + bytes.low(4, 4) } as const;
  switch (bytes.text(12, 4)) {
    case "VP8X": {
      const screen = extents(1 + bytes.low(24, 3), 1 + bytes.low(27, 3));
      return { ...common, ...screen, pixels: Math.max(screen.pixels, largestFrame(bytes)), animated: (bytes.u8(20) & 2) !== 0 };
    }
    case "VP8 ":
    case "VP8L":
      return { ...common, ...frame(bytes, 12), animated: false };
    default:
      return undefined;
  }
}

/** Pixels of the largest frame of an extended WebP, which may be larger than its screen. */
function largestFrame(bytes: Bytes): number {
  let most = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.text(at, 4);
    if (name === "VP8 " || name === "VP8L") most = Math.max(most, frame(bytes, at).pixels);
    // A frame of an animation holds chunks of its own, behind its place.
    const size = bytes.low(at + 4, 4);
    at += name === "ANMF" ? 24 : 8 + size + (size & 1);
  }
  return most;
}

/** Extents of a chunk `VP8 ` or `VP8L`. */
function frame(bytes: Bytes, at: number): ReturnType<typeof extents> {
  if (bytes.text(at, 4) === "VP8 ") return extents(bytes.low(at + 14, 2) & 0x3fff, bytes.low(at + 16, 2) & 0x3fff);
  const packed = bytes.low(at + 9, 4);
  return extents(1 + (packed & 0x3fff), 1 + (Math.floor(packed / 0x4000) & 0x3fff));
}

function extents(width: number, height: number): { readonly width: number; readonly height: number; readonly pixels: number } {
  return { width, height, pixels: width * height };
}
