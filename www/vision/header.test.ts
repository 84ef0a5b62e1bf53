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
    type: "png", width: 20_000, height: 3, pixels: 60_000, bits: 16, animated: true, complete: true, cmyk: false,
  });
  expect(readHeader(png(1, 1, 8, chunk("IDAT", [1, 2, 3])))?.complete).toBe(false);
});

test("a PNG whose chunk claims to be longer than the file is not complete, and read in no time", () => {
  expect(readHeader(png(1, 1, 8, high(0xffffffff, 4), ascii("IDAT")))?.complete).toBe(false);
});

test("a JPEG's frame is found behind however much EXIF, and four components are for print", () => {
  const exif = Array.from({ length: 200 }, () => segment(0xe1, Array<number>(60_000).fill(0xd9))).flat();
  const header = readHeader(file([0xff, 0xd8], exif, [0xff], frame(30, 40, 4), [0xff, 0xd9]));
  expect(header).toEqual({ type: "jpeg", width: 30, height: 40, pixels: 1200, bits: 8, cmyk: true, animated: false, complete: true });
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

test("a GIF counts as large as its largest frame, in whichever frame that is", () => {
  const wide = [0x2c, ...low(10, 2), ...low(20, 2), ...low(50_000, 2), ...low(60_000, 2), 0x00, 2, ...block([1, 2])];
  for (const frames of [[wide], [picture, wide], [picture, picture, wide]]) {
    expect(readHeader(gif(...frames, [0x3b]))).toMatchObject({ width: 7, height: 5, pixels: 50_010 * 60_020 });
  }
  expect(readHeader(gif(picture, [0x3b]))?.pixels).toBe(35);
});

const riff = (name: string, data: number[]) => file(ascii("RIFF"), low(12 + data.length, 4), ascii("WEBP"), ascii(name), low(data.length, 4), data);

test("each form of WebP states its extents", () => {
  expect(readHeader(riff("VP8X", [2, 0, 0, 0, ...low(99, 3), ...low(49, 3)]))).toMatchObject({ width: 100, height: 50, animated: true, complete: true });
  expect(readHeader(riff("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...low(100, 2), ...low(50, 2)]))).toMatchObject({ width: 100, height: 50, animated: false });
  expect(readHeader(riff("VP8L", [0x2f, ...low(99 + 49 * 0x4000, 4)]))).toMatchObject({ width: 100, height: 50 });
  expect(readHeader(riff("VP8L", [0x2f, ...low(99, 4)]).slice(0, -1))?.complete).toBe(false);
});

test("a WebP whose frame is larger than its screen counts as the frame", () => {
  const screen = [2, 0, 0, 0, ...low(99, 3), ...low(49, 3)];
  const lossless = [...ascii("VP8L"), ...low(5, 4), 0x2f, ...low(16_383 + 16_383 * 0x4000, 4), 0];
  const lossy = [...ascii("VP8 "), ...low(10, 4), 0, 0, 0, 0x9d, 0x01, 0x2a, ...low(9_000, 2), ...low(8_000, 2)];
  const moving = [...ascii("ANMF"), ...low(16 + lossy.length, 4), ...Array<number>(16).fill(0), ...lossy];
  const extended = (rest: number[]) => file([...riff("VP8X", screen)], rest);
  expect(readHeader(extended(lossless))?.pixels).toBe(16_384 * 16_384);
  expect(readHeader(extended(moving))?.pixels).toBe(9_000 * 8_000);
  expect(readHeader(extended([]))?.pixels).toBe(5_000);
});

const box = (name: string, data: number[]) => [...high(8 + data.length, 4), ...ascii(name), ...data];
const fromBits = (...fields: (readonly [value: number, bits: number])[]) => {
  const bits = fields.flatMap(([value, count]) => Array.from({ length: count }, (_, at) => Math.floor(value / 2 ** (count - 1 - at)) % 2));
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) => Array.from({ length: 8 }, (_, bit) => bits[byte * 8 + bit] ?? 0).reduce((value, bit) => value * 2 + bit, 0));
};
/** A sequence header as still pictures have it, or as films do; sizes are stated in 16 bits. */
const sequence = (width: number, height: number, reduced = true) => {
  const start: (readonly [number, number])[] = reduced ? [[0, 3], [3, 2], [0, 5]] : [[0, 3], [0, 2], [0, 2], [0, 5], [0, 12], [0, 5]];
  const data = fromBits(...start, [15, 4], [15, 4], [width - 1, 16], [height - 1, 16]);
  return [0x0a, data.length, ...data];
};

/** A box whose size is stated in 64 bits. */
const largeBox = (name: string, data: number[]) => [0, 0, 0, 1, ...ascii(name), ...high(16 + data.length, 8), ...data];

interface Oddities {
  readonly brand?: string;
  readonly extents?: number;
  readonly type?: string;
  /** Between what says of items and their data; before the kinds of items; before the first of them. */
  readonly more?: number[];
  readonly beforeKinds?: number[];
  readonly beforeKind?: number[];
}

/** An AVIF that claims 64 × 64 pixels, with these items of AV1. */
const avif = (items: number[][], { brand = "avif", extents = 1, type = "av01", more = [], beforeKinds = [], beforeKind = [] }: Oddities = {}) => {
  const ftyp = box("ftyp", [...ascii(brand), ...high(0, 4), ...ascii("mif1")]);
  const meta = (start: number) => {
    let at = start;
    const places = items.flatMap((data, item) => [...high(item + 1, 2), 0, 0, ...high(extents, 2), ...high((at += data.length) - data.length, 4), ...high(data.length, 4)]);
    const kinds = items.flatMap((_, item) => box("infe", [2, 0, 0, 0, ...high(item + 1, 2), 0, 0, ...ascii(type), 0]));
    return box("meta", [
      ...[0, 0, 0, 0],
      ...box("iloc", [0, 0, 0, 0, 0x44, 0, ...high(items.length, 2), ...places]),
      ...beforeKinds,
      ...box("iinf", [0, 0, 0, 0, ...high(items.length, 2), ...beforeKind, ...kinds]),
      ...box("iprp", box("ipco", box("ispe", [0, 0, 0, 0, ...high(64, 4), ...high(64, 4)]))),
    ]);
  };
  const start = ftyp.length + meta(0).length + more.length + 8;
  return file(ftyp, meta(start), more, box("mdat", items.flat()));
};
/** Pillow: `Image.new("RGB", (3, 2)).save(..., "AVIF", quality=30)`. */
const STILL =
  "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEA" +
  "AQAAAAEAAAETAAAAJQAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAAAwAAAAIAAAAQcGl4aQAAAAADCAgIAAAA" +
  "DGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAALW1kYXQSAAoIGAQrRAQ0GhAyFxxHh4Xd0000wsAAAJA1jjx+49rWNdEY";

test("an AVIF that a program wrote is as large as it says", () => {
  const written = Uint8Array.from(Buffer.from(STILL, "base64"));
  expect(readHeader(written)).toEqual({ type: "avif", width: 3, height: 2, pixels: 6, bits: 8, animated: false, complete: true, cmyk: false });
  expect(readHeader(written.slice(0, -1))?.complete).toBe(false);
});

test("an AVIF counts as large as what its data are decoded to, whatever its properties say", () => {
  expect(readHeader(avif([sequence(64, 64)]))).toMatchObject({ width: 64, height: 64, pixels: 4096 });
  expect(readHeader(avif([sequence(16_000, 16_000)]))).toMatchObject({ width: 64, height: 64, pixels: 256e6 });
  // Behind a first, harmless one.
  expect(readHeader(avif([[0x12, 0, ...sequence(64, 64), ...sequence(16_000, 16_000)]]))?.pixels).toBe(256e6);
  expect(readHeader(avif(Array.from({ length: 200 }, () => sequence(1000, 1000))))?.pixels).toBe(200e6);
  for (const side of [9_000, 11_000]) expect(readHeader(avif([sequence(side, side)]))?.pixels).toBe(side * side);
  // Frames of films state extents of their own, of as many bits.
  expect(readHeader(avif([sequence(64, 64, false)]))?.pixels).toBe(2 ** 32);
});

test("films and what can't be measured are no AVIF that is read", () => {
  expect(readHeader(avif([sequence(64, 64)], { brand: "avis", more: box("moov", []) }))).toBeUndefined();
  expect(readHeader(avif([sequence(64, 64)], { extents: 2 }))).toBeUndefined();
  expect(readHeader(avif(Array.from({ length: 1025 }, () => [0])))).toBeUndefined();
  expect(readHeader(avif([sequence(64, 64)], { brand: "heic" }))).toBeUndefined();
});

test("no box of an AVIF hides what stands behind it", () => {
  const still = [sequence(16_000, 16_000)];
  const hidden = largeBox("free", []);
  expect(readHeader(avif(still, { brand: "avis", more: [...hidden, ...box("moov", [])] }))).toBeUndefined();
  expect(readHeader(avif(still, { beforeKinds: hidden }))).toBeUndefined();
  expect(readHeader(avif(still, { beforeKind: hidden }))).toBeUndefined();
  expect(readHeader(avif(still, { beforeKinds: [0, 0, 0, 0, ...ascii("free")] }))).toBeUndefined();
  expect(readHeader(avif(still, { type: "hvc1" }))).toBeUndefined();
  // The last one may reach to the end.
  const open = avif(still);
  open.fill(0, open.length - still.flat().length - 8, open.length - still.flat().length - 4);
  expect(readHeader(open)).toMatchObject({ pixels: 256e6, complete: true });
});

test("an AVIF of nothing but boxes, or that says more of its picture than any does, is refused soon", () => {
  const still = [sequence(64, 64)];
  const boxes = (count: number) => Array.from({ length: count }, () => box("free", [])).flat();
  expect(readHeader(avif(still, { more: boxes(4_000), beforeKinds: boxes(4_000) }))?.pixels).toBe(4096);
  expect(readHeader(avif(still, { more: boxes(5_000) }))).toBeUndefined();
  expect(readHeader(avif(still, { beforeKinds: boxes(5_000) }))).toBeUndefined();
  expect(readHeader(avif(still, { beforeKinds: box("free", Array<number>(2 ** 20).fill(0)) }))).toBeUndefined();
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
