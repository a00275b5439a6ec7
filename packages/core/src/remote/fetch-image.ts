/**
 * Fetches an image that a client named by its http(s) URL; gives its bytes, undecoded. Core looks at what they are.
 *
 * The URL is the client's: whoever implements this decides where a server may be made to connect to. Stop when `signal`
 * aborts, and do not read more than `maxBytes`. Throw an `ImageDownloadError` to tell the client why there is no image.
 */
export type FetchImage = (url: string, options: FetchImageOptions) => Promise<Uint8Array>;

export interface FetchImageOptions {
  /** Aborts when the client leaves, or when it took too long. */
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}
