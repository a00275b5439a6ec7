import { missingParameter, unsupportedParameter } from "../errors/catalogue.ts";
import {
  type FileType,
  imageTooLarge,
  invalidAudioData,
  invalidFileData,
  invalidImageUrl,
  mediaTooLarge,
  tooManyImages,
  unsupportedImage,
} from "../errors/inputs.ts";
import { base64ByteLength, base64Head } from "./base64.ts";
import { isDataUrl, parseDataUrl } from "./data-url.ts";
import { IMAGE_TYPE_BYTES, imageType } from "./image-type.ts";

/** https://platform.openai.com/docs/guides/images-vision: images of one request. */
const MAX_IMAGES = 1500;
export const MAX_IMAGE_BYTES = 20_000_000;
/** All images, audio and files of one request, and all images that are fetched for one. */
export const MAX_TOTAL_BYTES = 50_000_000;
const IMAGE_MEDIA_TYPES = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"];

export interface FileRule {
  readonly type: FileType;
  readonly takes: (mediaType: string) => boolean;
}

export interface MediaLimits {
  /** Where the whole of the inputs stands in the request. */
  readonly param: string;
  readonly maxImages?: number;
}

/** Holds the images, audio and files of one request, part by part, against what they may be and against their limits. */
export interface MediaCheck {
  /** `param` is where the URL stands. */
  image(url: string, param: string): void;
  audio(data: string, param: string): void;
  /** `param` is where the object with `file_data` and `file_id` stands. */
  file(file: { file_data?: string | undefined; file_id?: string | undefined }, param: string, rule: FileRule): void;
}

export function createMediaCheck(model: string, { param: whole, maxImages = MAX_IMAGES }: MediaLimits): MediaCheck {
  let images = 0;
  let total = 0;
  const add = (bytes: number) => {
    total += bytes;
    if (total > MAX_TOTAL_BYTES) throw mediaTooLarge(whole, total, MAX_TOTAL_BYTES);
  };
  return {
    image(url, param) {
      images += 1;
      if (images > maxImages) throw tooManyImages(whole, images, maxImages);
      if (isDataUrl(url)) add(checkImageData(url, param));
      else if (!isWebUrl(url)) throw invalidImageUrl(param, "a value without the 'data:' prefix");
    },
    audio(data, param) {
      const bytes = base64ByteLength(data);
      if (!bytes) throw invalidAudioData(param);
      add(bytes);
    },
    file({ file_data, file_id }, param, rule) {
      if (file_id !== undefined) {
        throw unsupportedParameter(`${param}.file_id`, model, "This server keeps no files; send 'file_data' instead.");
      }
      if (file_data === undefined) throw missingParameter(`${param}.file_data`);
      add(checkFileData(file_data, `${param}.file_data`, rule));
    },
  };
}

function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^/]/i.test(url);
}

/** Bytes of the image. */
function checkImageData(url: string, param: string): number {
  const data = parseDataUrl(url);
  if (!data?.base64) throw invalidImageUrl(param, "a value that is not base64-encoded");
  if (!IMAGE_MEDIA_TYPES.includes(data.mediaType)) {
    throw invalidImageUrl(param, `unsupported MIME type '${data.mediaType.slice(0, 64)}'`);
  }
  if (data.dataAt === url.length) throw invalidImageUrl(param, "empty base64-encoded bytes");
  const bytes = base64ByteLength(url, data.dataAt);
  if (bytes === null) throw invalidImageUrl(param, "an invalid base64-encoded value");
  if (bytes > MAX_IMAGE_BYTES) throw imageTooLarge(param, MAX_IMAGE_BYTES / 1e6);
  const head = base64Head(url, data.dataAt, IMAGE_TYPE_BYTES);
  if (!head || !imageType(head)) throw unsupportedImage(param);
  return bytes;
}

/** Bytes of the file. */
function checkFileData(url: string, param: string, { type, takes }: FileRule): number {
  const data = parseDataUrl(url);
  const bytes = data?.base64 ? base64ByteLength(url, data.dataAt) : null;
  if (!data || !bytes) throw invalidFileData(param, type, "an invalid base64-encoded value");
  if (!takes(data.mediaType)) {
    throw invalidFileData(param, type, `unsupported MIME type '${data.mediaType.slice(0, 64)}'`);
  }
  return bytes;
}
