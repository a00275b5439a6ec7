import { ascii, imageType } from "./image-type.ts";

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * How far into an image its size is looked for. Only a JPEG's may stand far behind: after what its camera and its editor
 * wrote about it.
 */
export const IMAGE_HEAD_BYTES = 256 * 1024;

/** An image's size in pixels, read from its first bytes; `null` when they do not say. */
export function imageSize(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return positive(readSize(bytes, view));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readSize(bytes: Uint8Array, view: DataView): ImageSize | null {
  switch (imageType(bytes)) {
    case "png":
      return ascii(bytes, 12, 16) === "IHDR" ? { width: view.getUint32(16), height: view.getUint32(20) } : null;
    case "gif":
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    case "webp":
      return webpSize(bytes, view);
    case "jpeg":
      return jpegSize(view);
    default:
      return null;
  }
}

function positive(size: ImageSize | null): ImageSize | null {
  return size && size.width > 0 && size.height > 0 ? size : null;
}

/** Lossy, lossless and extended files each keep it elsewhere. https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(bytes: Uint8Array, view: DataView): ImageSize | null {
  switch (ascii(bytes, 12, 16)) {
    case "VP8 ":
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
    default:
      return null;
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

const MARKER = 0xff;
const START_OF_SCAN = 0xda;
/** Markers in the range of those that start a frame, and do not. */
const NOT_FRAMES = [0xc4, 0xc8, 0xcc];

/** Walks from segment to segment, each at least two bytes on, to the one that starts the frame. */
function jpegSize(view: DataView): ImageSize | null {
  let at = 2;
  while (at < view.byteLength) {
    if (view.getUint8(at) !== MARKER) return null;
    const marker = view.getUint8(at + 1);
    // Any number of these may fill the space between segments.
    if (marker === MARKER) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_FRAMES.includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    const length = view.getUint16(at + 2);
    if (marker === START_OF_SCAN || length < 2) return null;
    at += 2 + length;
  }
  return null;
}
