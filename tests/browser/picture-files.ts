/** Picture files of every awkward kind, made here byte by byte or by the browser itself. */

import { deflateSync } from "node:zlib";
import type { Page } from "@playwright/test";

/** A file as a shopper chooses it. */
export interface PictureFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const file = (name: string, mimeType: string, buffer: Buffer): PictureFile => ({ name, mimeType, buffer });
const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number) => Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);

const CRC = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc(bytes: Buffer): number {
  let value = -1;
  for (const byte of bytes) value = (CRC[(value ^ byte) & 255] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  return Buffer.concat([u32(data.length), body, u32(crc(body))]);
}

/** A PNG: `kind` 0 is grey, 2 red, green and blue; `row` is repeated `height` times. */
function png(width: number, height: number, bits: number, kind: number, row: Buffer, ...more: readonly Buffer[]): Buffer {
  const line = Buffer.concat([Buffer.of(0), row]);
  const lines = Buffer.alloc(line.length * height);
  for (let at = 0; at < lines.length; at += line.length) line.copy(lines, at);
  const head = Buffer.concat([u32(width), u32(height), Buffer.from([bits, kind, 0, 0, 0])]);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk("IHDR", head), ...more, chunk("IDAT", deflateSync(lines, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** One colour all over. */
export function plainPng(width: number, height: number, colour: readonly [number, number, number]): PictureFile {
  return file("plain.png", "image/png", png(width, height, 8, 2, Buffer.concat(Array.from({ length: width }, () => Buffer.from(colour)))));
}

/** 16 bits a colour. */
export function deepPng(): PictureFile {
  return file("deep.png", "image/png", png(40, 60, 16, 2, Buffer.concat(Array.from({ length: 40 }, () => Buffer.from([0x20, 0x80, 0x60, 0x80, 0xc0, 0x80])))));
}

/** Colours of Display P3, which are livelier than the same numbers in sRGB. */
export function livelyPng(colour: readonly [number, number, number]): PictureFile {
  const primaries = [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06].map((part) => u32(Math.round(part * 100_000)));
  const row = Buffer.concat(Array.from({ length: 40 }, () => Buffer.from(colour)));
  return file("lively.png", "image/png", png(40, 60, 8, 2, row, chunk("gAMA", u32(45_455)), chunk("cHRM", Buffer.concat(primaries))));
}

/** 400 million pixels in some fifty kilobytes. */
export function vastPng(): PictureFile {
  return file("vast.png", "image/png", png(20_000, 20_000, 1, 0, Buffer.alloc(2_500)));
}

/** A GIF of 8 × 8 pixels whose frame claims 60,000 × 60,000. */
export function vastGif(): PictureFile {
  const low = (value: number) => [value & 255, value >> 8];
  const frame = [0x2c, 0, 0, 0, 0, ...low(60_000), ...low(60_000), 0, 2, 2, 0x4c, 0x01, 0];
  return file("vast.gif", "image/gif", Buffer.from([...Buffer.from("GIF89a"), ...low(8), ...low(8), 0x80, 0, 0, 1, 2, 3, 4, 5, 6, ...frame, 0x3b]));
}

/** No pixels at all. */
export function noPixels(): PictureFile {
  return file("nothing.png", "image/png", png(0, 0, 8, 2, Buffer.alloc(0)));
}

/** Two frames: red, then blue. */
export function movingPng(): PictureFile {
  const control = (number: number) => chunk("fcTL", Buffer.concat([u32(number), u32(40), u32(60), u32(0), u32(0), u16(1), u16(10), Buffer.of(0, 0)]));
  const lines = (colour: readonly number[]) => deflateSync(Buffer.concat(Array.from({ length: 60 }, () => Buffer.concat([Buffer.of(0), ...Array.from({ length: 40 }, () => Buffer.from(colour))]))));
  const head = Buffer.concat([u32(40), u32(60), Buffer.from([8, 2, 0, 0, 0])]);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const bytes = [magic, chunk("IHDR", head), chunk("acTL", Buffer.concat([u32(2), u32(0)])), control(0), chunk("IDAT", lines([255, 0, 0])), control(1)];
  return file("moving.png", "image/png", Buffer.concat([...bytes, chunk("fdAT", Buffer.concat([u32(2), lines([0, 0, 255])])), chunk("IEND", Buffer.alloc(0))]));
}

/** A JPEG for print: four inks. Pillow: `Image.new("CMYK", (40, 60), (0, 220, 220, 10)).save(..., "JPEG", quality=60)`. */
export function printJpeg(): PictureFile {
  return file("print.jpg", "image/jpeg", Buffer.from(PRINT, "base64"));
}

/** A JPEG that the browser writes: its left half is red, its right half blue; wider than high. */
export async function jpeg(page: Page, width = 60, height = 40): Promise<PictureFile> {
  const bytes = await page.evaluate(
    async ([width, height]) => {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d");
      if (!context) throw new Error("no canvas");
      context.fillStyle = "#f00";
      context.fillRect(0, 0, width / 2, height);
      context.fillStyle = "#00f";
      context.fillRect(width / 2, 0, width / 2, height);
      const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/jpeg", 0.95));
      return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())];
    },
    [width, height] as const,
  );
  return file("photo.jpg", "image/jpeg", Buffer.from(bytes));
}

/** The JPEG with an EXIF segment that says how it is to be turned (6: a quarter clockwise), and `padding` more bytes of EXIF. */
export function turned({ buffer }: PictureFile, orientation: number, padding = 0): PictureFile {
  const tiff = Buffer.concat([Buffer.from("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01", "latin1"), u16(orientation), Buffer.alloc(6)]);
  const exif = segment(Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]));
  const more = Array.from({ length: Math.ceil(padding / 65_000) }, () => segment(Buffer.alloc(65_000, 0xd9)));
  return file("turned.jpg", "image/jpeg", Buffer.concat([buffer.subarray(0, 2), exif, ...more, buffer.subarray(2)]));
}

function segment(data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xe1]), u16(data.length + 2), data]);
}

/** The JPEG whose header claims other extents. */
export function claiming({ buffer }: PictureFile, width: number, height: number): PictureFile {
  const changed = Buffer.from(buffer);
  const frame = changed.indexOf(Buffer.from([0xff, 0xc0]));
  u16(height).copy(changed, frame + 5);
  u16(width).copy(changed, frame + 7);
  return file("claims.jpg", "image/jpeg", changed);
}

/** The first part of a file. */
export function cut({ name, mimeType, buffer }: PictureFile, share: number): PictureFile {
  return file(name, mimeType, buffer.subarray(0, Math.floor(buffer.length * share)));
}

/** What is no picture, whatever its name says. */
export function disguised(content: string, name = "photo.png", mimeType = "image/png"): PictureFile {
  return file(name, mimeType, Buffer.from(content));
}

const PRINT =
  "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgAPAAoBEMRAE0RAFkR" +
  "AEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYn" +
  "KCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq" +
  "8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD06uGrhq9Ioooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo" +
  "oooooooooooooooooooooooooooooooooooooooooooooooooooooooooooor//Z";
