import { unwrap } from "../worker/answer.js";
import type { VisionHost } from "../worker/protocol.js";
import type { PictureHeader } from "./types.js";

/** Largest file that is read. */
const MOST_BYTES = 40 * 1024 * 1024;
/** Most pixels that are decoded: browsers take four bytes for each, whatever they are scaled to. Phones take 50 million. */
const MOST_PIXELS = 64_000_000;
/** Longest sides of what is worked on; larger pictures are reduced. */
export const LONGEST = { photo: 1280, garment: 800 } as const;

/** Why a file can't be used. */
export type PictureFault = "empty" | "not-a-picture" | "file-too-large" | "too-many-pixels" | "no-pixels" | "truncated" | "undecodable";
/** What was done with a file that had more than is used. */
export type PictureNote = "first-frame" | "from-print" | "fewer-bits";

/** A file that can't be used. */
export class PictureError extends Error {
  override readonly name = "PictureError";
  readonly fault: PictureFault;
  /** Extents, where the file states them. */
  readonly header: PictureHeader | undefined;

  constructor(fault: PictureFault, header?: PictureHeader, options?: { cause?: unknown }) {
    super(fault, options);
    this.fault = fault;
    this.header = header;
  }
}

/** Pixels in memory: 8-bit sRGB, upright, row by row, red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A file's picture, and what was done to it. */
export interface DecodedPicture extends Pixels {
  readonly notes: readonly PictureNote[];
}

/**
 * Decodes what a shopper chose. The file's header is read first, so that memory stays bounded whatever the file claims;
 * pixels are turned upright, brought into sRGB, and reduced to `longest` on the longest side.
 *
 * Rejects with a {@link PictureError}, or with what the worker failed of: `undecodable` where it could not read the file.
 */
export async function decodePicture(host: VisionHost, file: Blob, longest: number): Promise<DecodedPicture> {
  const header = await checkedHeader(host, file);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image", colorSpaceConversion: "default", premultiplyAlpha: "default" });
  } catch (cause) {
    throw new PictureError("undecodable", header, { cause });
  }
  try {
    const pixels = pixelsOf(bitmap, bitmap.width, bitmap.height, longest);
    const notes: [PictureNote, boolean][] = [["first-frame", header.animated], ["from-print", header.cmyk], ["fewer-bits", header.bits > 8]];
    return { ...pixels, notes: notes.flatMap(([note, holds]) => (holds ? note : [])) };
  } finally {
    bitmap.close();
  }
}

async function checkedHeader(host: VisionHost, file: Blob): Promise<PictureHeader> {
  if (file.size === 0) throw new PictureError("empty");
  if (file.size > MOST_BYTES) throw new PictureError("file-too-large");
  const header = unwrap(await host.header(file));
  if (!header) throw new PictureError("not-a-picture");
  if (header.width === 0 || header.height === 0) throw new PictureError("no-pixels", header);
  if (header.pixels > MOST_PIXELS) throw new PictureError("too-many-pixels", header);
  if (!header.complete) throw new PictureError("truncated", header);
  return header;
}

/** What a source of these extents shows, at most `longest` on its longest side. */
export function pixelsOf(source: CanvasImageSource, width: number, height: number, longest: number): Pixels {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d", { colorSpace: "srgb", willReadFrequently: true });
  if (!context) throw new PictureError("undecodable");
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = { width: canvas.width, height: canvas.height, data };
  // Its memory goes at once, not when it is collected.
  canvas.width = canvas.height = 0;
  return pixels;
}

/** Pixels as a PNG file. */
export async function pngOf({ data, width, height }: Pixels): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d", { colorSpace: "srgb" })?.putImageData(new ImageData(data, width, height), 0, 0);
  const png = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/png"));
  canvas.width = canvas.height = 0;
  if (!png) throw new PictureError("undecodable");
  return png;
}
