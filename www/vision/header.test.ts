import { expect, test } from "@playwright/test";
import { readHeader } from "./header.js";

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
const high = (value: number, bytes: number) => Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** (bytes - 1 - at)) % 256);
const low = (value: number, bytes: number) => high(value, bytes).reverse();
const file = (...parts: (number | number[])[]) => Uint8Array.from(parts.flat());

const chunk = (name: string, data: number[]) => [...high(data.length, 4), ...ascii(name), ...data, 0, 0, 0, 0];
const png = (width: number, height: number, bits = 8, ...more: number[][]) =>
  file([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], chunk("IHDR", [...high(width, 4), ...high(height, 4), bits, 2, 0, 0, 0]), ...more);
const segment = (marker: number, data: number[]) => [0xff, marker, ...high(data.length + 2, 2), ...data];
const frame = (width: number, height: number, components: number) => segment(0xc2, [8, ...high(height, 2), ...high(width, 2), components]);

test("a PNG states extents, bits, movement and whether it goes on to its end", () => {
  expect(readHeader(png(20_000, 3, 16, chunk("acTL", []), chunk("IEND", [])))).toEqual({
    type: "png", width: 20_000, height: 3, bits: 16, animated: true, complete: true, cmyk: false,
  });
  expect(readHeader(png(1, 1, 8, chunk("IDAT", [1, 2, 3])))?.complete).toBe(false);
});

test("a PNG whose chunk claims to be longer than the file is not complete, and read in no time", () => {
  expect(readHeader(png(1, 1, 8, high(0xffffffff, 4), ascii("IDAT")))?.complete).toBe(false);
});

test("a JPEG's frame is found behind however much EXIF, and four components are for print", () => {
  const exif = Array.from({ length: 200 }, () => segment(0xe1, Array<number>(60_000).fill(0xd9))).flat();
  const header = readHeader(file([0xff, 0xd8], exif, [0xff], frame(30, 40, 4), [0xff, 0xd9]));
  expect(header).toEqual({ type: "jpeg", width: 30, height: 40, bits: 8, cmyk: true, animated: false, complete: true });
});

test("a JPEG without an end after its frame breaks off; one without a frame is none", () => {
  expect(readHeader(file([0xff, 0xd8], segment(0xe1, [0xff, 0xd9]), frame(3, 4, 3)))?.complete).toBe(false);
  expect(readHeader(file([0xff, 0xd8], segment(0xe1, [1, 2])))).toBeUndefined();
  expect(readHeader(file([0xff, 0xd8, 0xff]))).toBeUndefined();
});

const block = (data: number[]) => [data.length, ...data, 0];
const picture = [0x2c, ...low(0, 8), 0x00, 2, ...block([1, 2])];
const gif = (...parts: number[][]) => file(ascii("GIF89a"), low(7, 2), low(5, 2), [0x80, 0, 0, 1, 2, 3, 4, 5, 6], ...parts);

test("a GIF moves from its second picture on", () => {
  const comment = [0x21, 0xfe, ...block(ascii("hello"))];
  expect(readHeader(gif(comment, picture, [0x3b]))).toMatchObject({ width: 7, height: 5, animated: false, complete: true });
  expect(readHeader(gif(picture, comment, picture, [0x3b]))).toMatchObject({ animated: true, complete: true });
  expect(readHeader(gif(picture))).toMatchObject({ animated: false, complete: false });
});

const riff = (name: string, data: number[]) => file(ascii("RIFF"), low(12 + data.length, 4), ascii("WEBP"), ascii(name), low(data.length, 4), data);

test("each form of WebP states its extents", () => {
  expect(readHeader(riff("VP8X", [2, 0, 0, 0, ...low(99, 3), ...low(49, 3)]))).toMatchObject({ width: 100, height: 50, animated: true, complete: true });
  expect(readHeader(riff("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...low(100, 2), ...low(50, 2)]))).toMatchObject({ width: 100, height: 50, animated: false });
  expect(readHeader(riff("VP8L", [0x2f, ...low(99 + 49 * 0x4000, 4)]))).toMatchObject({ width: 100, height: 50 });
  expect(readHeader(riff("VP8L", [0x2f, ...low(99, 4)]).slice(0, -1))?.complete).toBe(false);
});

test("an AVIF is as large as the largest of its parts", () => {
  const box = (name: string, data: number[]) => [...high(8 + data.length, 4), ...ascii(name), ...data];
  const extents = (width: number, height: number) => box("ispe", [0, 0, 0, 0, ...high(width, 4), ...high(height, 4)]);
  const avif = (brand: string) => file(box("ftyp", [...ascii(brand), ...high(0, 4), ...ascii("mif1")]), box("meta", [0, 0, 0, 0, ...extents(64, 64), ...extents(500, 300)]), box("mdat", [1]));
  expect(readHeader(avif("avif"))).toMatchObject({ type: "avif", width: 500, height: 300, animated: false, complete: true });
  expect(readHeader(avif("avis"))?.animated).toBe(true);
  expect(readHeader(avif("heic"))).toBeUndefined();
});

for (const [name, bytes] of [
  ["an empty file", file()],
  ["text", file(ascii("hello, this is no picture"))],
  ["an SVG", file(ascii('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
  ["a PDF", file(ascii("%PDF-1.7"))],
  ["eight bytes of a PNG", png(1, 1).slice(0, 8)],
] as const) {
  test(`${name} is no picture`, () => {
    expect(readHeader(bytes)).toBeUndefined();
  });
}

test("no file of few random bytes makes it fail", () => {
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647);
  const starts = [[0xff, 0xd8], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], ascii("GIF89a"), [...ascii("RIFF"), 0, 0, 0, 0, ...ascii("WEBPVP8X")], [0, 0, 0, 20, ...ascii("ftypavif")]];
  for (let round = 0; round < 2_000; round += 1) {
    const rest = Array.from({ length: random() % 200 }, () => random() % 256);
    expect(() => readHeader(file(starts[round % starts.length] ?? [], rest))).not.toThrow();
  }
});
