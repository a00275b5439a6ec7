import fc from "fast-check";
import { expect, it } from "vitest";
import { imageSize } from "./image-size.ts";
import { IMAGES } from "./images.fixture.ts";

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

it.each(Object.entries(IMAGES))("reads the size of a %s", (_name, base64) => {
  expect(imageSize(bytesOf(base64))).toEqual({ width: 37, height: 21 });
});

it("finds a JPEG's size behind what was written about it, and behind filling", () => {
  const jpeg = bytesOf(IMAGES.jpeg);
  const about = new Uint8Array(60_000);
  about.set([0xff, 0xe1, (about.length - 2) >> 8, (about.length - 2) & 0xff]);
  const long = Uint8Array.of(...jpeg.subarray(0, 2), ...about, 0xff, 0xff, ...jpeg.subarray(2));
  expect(imageSize(long)).toEqual({ width: 37, height: 21 });
});

it("says nothing of what is cut off, empty or no image, and never throws", () => {
  const heads = Object.values(IMAGES).map((base64) => bytesOf(base64).subarray(0, 16));
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.nat(16), fc.uint8Array({ maxLength: 64 }), (head, kept, rest) => {
      const size = imageSize(Uint8Array.of(...head.subarray(0, kept), ...rest));
      expect(size === null || (size.width > 0 && size.height > 0)).toBe(true);
    }),
  );
  expect(imageSize(new Uint8Array(0))).toBeNull();
  expect(imageSize(bytesOf(IMAGES.png).subarray(0, 23))).toBeNull();
});

it("is not kept busy by a JPEG of nothing but the shortest segments", () => {
  const segments = new Uint8Array(256 * 1024);
  segments.set([0xff, 0xd8, 0xff]);
  for (let at = 2; at + 4 <= segments.length; at += 4) segments.set([0xff, 0xe1, 0, 2], at);
  const before = process.threadCpuUsage();
  expect(imageSize(segments)).toBeNull();
  const { user, system } = process.threadCpuUsage(before);
  expect(user + system).toBeLessThan(200_000);
});
