import { ApiError } from "../errors/api-error.ts";
import { requestAborted } from "../errors/catalogue.ts";
import { ImageDownloadError } from "../errors/image-download-error.ts";
import { imageDownloadFailed, imageDownloadTimeout, mediaTooLarge, unsupportedImage } from "../errors/inputs.ts";
import { untilAborted } from "../http/abort.ts";
import type { FetchImage } from "../remote/fetch-image.ts";
import { base64Of } from "./base64.ts";
import { isDataUrl } from "./data-url.ts";
import { imageType } from "./image-type.ts";
import { MAX_IMAGE_BYTES, MAX_TOTAL_BYTES } from "./media-check.ts";

/** For one image. */
const TIMEOUT_MS = 10_000;
/** For all images of one request. */
const TOTAL_TIMEOUT_MS = 30_000;
const AT_ONCE = 4;

/** An image in a request, and where it stands there. */
export interface ImageSource {
  readonly url: string;
  readonly param: string;
}

/** Fetches what is not in the request itself, each URL once; gives the images as `data:` URLs, by URL. */
export async function imagesAsData(
  sources: readonly ImageSource[],
  fetchImage: FetchImage,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const elsewhere = new Map<string, ImageSource>();
  for (const source of sources) {
    if (!isDataUrl(source.url) && !elsewhere.has(source.url)) elsewhere.set(source.url, source);
  }
  const data = new Map<string, string>();
  const waiting = [...elsewhere.values()];
  // The first failure ends the others, too: there will be no answer.
  const others = new AbortController();
  const stop = AbortSignal.any([signal, others.signal, AbortSignal.timeout(TOTAL_TIMEOUT_MS)]);
  let total = 0;
  const work = async () => {
    for (let source = waiting.shift(); source; source = waiting.shift()) {
      const { url, param } = source;
      const bytes = await fetchOne(source, fetchImage, stop, signal);
      total += bytes.length;
      if (total > MAX_TOTAL_BYTES) throw mediaTooLarge(param, total, MAX_TOTAL_BYTES);
      const type = imageType(bytes);
      if (!type) throw unsupportedImage(param);
      data.set(url, `data:image/${type};base64,${base64Of(bytes)}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    others.abort();
  }
  return data;
}

async function fetchOne(
  { url, param }: ImageSource,
  fetchImage: FetchImage,
  stop: AbortSignal,
  client: AbortSignal,
): Promise<Uint8Array> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const bytes = await untilAborted(fetchImage(url, { signal, maxBytes: MAX_IMAGE_BYTES }), signal);
    if (bytes.length > MAX_IMAGE_BYTES) throw new ImageDownloadError("Image size exceeds the limit.");
    return bytes;
  } catch (error) {
    if (client.aborted) throw requestAborted();
    if (signal.aborted) throw imageDownloadTimeout(param, url);
    if (error instanceof ApiError) throw error;
    const known = error instanceof ImageDownloadError;
    throw imageDownloadFailed(param, url, known ? error.message : "The URL could not be reached.");
  }
}
