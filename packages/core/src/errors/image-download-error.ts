/**
 * Why an image could not be fetched, in words that the client may read. Whatever else a `fetchImage` throws reaches the
 * client as an address that could not be reached.
 */
export class ImageDownloadError extends Error {
  override readonly name = "ImageDownloadError";
}
