import { ImageDownloadError } from "../errors/image-download-error.ts";
import { untilAborted } from "../http/abort.ts";
import { concatBytes } from "../http/bytes.ts";
import { isAddress, isPublicAddress } from "./address.ts";
import type { FetchImage, FetchImageOptions } from "./fetch-image.ts";
import { type NodeIncoming, type NodeModules, nodeModules } from "./node-modules.ts";

export interface ImageFetcherOptions {
  /** IP addresses of a host name; default: the system's resolver. */
  lookup?: (hostname: string) => Promise<readonly string[]>;
  /**
   * Whether a connection may be made; asked of every address that a name has, and again after every redirect. Default:
   * `isPublicImageTarget`, which is public addresses and ports 80 and 443.
   */
  allow?: (target: ImageTarget) => boolean;
}

/** Where a connection would go. */
export interface ImageTarget {
  /** An IPv4 or IPv6 address, without brackets. */
  readonly address: string;
  readonly port: number;
  /** The name, or the address, in the URL. */
  readonly hostname: string;
}

const MAX_REDIRECTS = 3;
/** Addresses of one name that are tried in turn. */
const MAX_ADDRESSES = 4;
const PORTS = [80, 443];

export function isPublicImageTarget({ address, port }: ImageTarget): boolean {
  return PORTS.includes(port) && isPublicAddress(address);
}

/**
 * Makes what fetches images on Node, Bun and Deno. A client must not be able to make the server ask its own network: a
 * name is resolved once, all its addresses are checked, and the connection goes to the checked address itself. What is
 * refused, does not exist or does not answer is told apart to nobody.
 */
export function createImageFetcher({ lookup, allow = isPublicImageTarget }: ImageFetcherOptions = {}): FetchImage {
  async function addressesOf(url: URL, { dns }: NodeModules, signal: AbortSignal): Promise<readonly string[]> {
    const { hostname, port } = placeOf(url);
    const resolve = lookup ?? (async (name) => (await dns.lookup(name, { all: true })).map(({ address }) => address));
    const addresses = isAddress(hostname)
      ? [hostname]
      : await untilAborted(
          resolve(hostname).catch(() => []),
          signal,
        );
    if (addresses.length === 0 || !addresses.every((address) => allow({ address, port, hostname })))
      throw unreachable();
    // Many servers have no way out for IPv6.
    return addresses.toSorted((a, b) => Number(a.includes(":")) - Number(b.includes(":"))).slice(0, MAX_ADDRESSES);
  }

  return async (source, options) => {
    const { signal } = options;
    const modules = nodeModules();
    if (!modules) throw new ImageDownloadError("This server fetches no images; send a data URL.");
    let url = webUrl(source);
    for (let redirects = 0; ; redirects++) {
      const response = await connect(modules, url, await addressesOf(url, modules, signal), signal);
      const location = redirectOf(response);
      if (location === null) return readBody(response, options);
      response.destroy();
      if (redirects === MAX_REDIRECTS) throw new ImageDownloadError("It redirects too often.");
      url = webUrl(location, url);
    }
  };
}

function unreachable(): ImageDownloadError {
  return new ImageDownloadError("The URL could not be reached.");
}

/** Also makes octal, hexadecimal and short forms of IPv4 addresses plain. */
function webUrl(text: string, base?: URL): URL {
  if (!URL.canParse(text, base)) throw new ImageDownloadError("Image URL is invalid.");
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new ImageDownloadError("Image URL is invalid.");
  if (url.username || url.password) throw new ImageDownloadError("Image URL is invalid: it has credentials in it.");
  return url;
}

/** The response of the first address that gives one. */
async function connect(
  modules: NodeModules,
  url: URL,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<NodeIncoming> {
  for (const address of addresses) {
    try {
      return await get(modules, url, address, signal);
    } catch {
      if (signal.aborted) break;
    }
  }
  throw unreachable();
}

function placeOf(url: URL) {
  const secure = url.protocol === "https:";
  return { secure, hostname: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || (secure ? 443 : 80) };
}

function get(modules: NodeModules, url: URL, address: string, signal: AbortSignal): Promise<NodeIncoming> {
  const { secure, hostname, port } = placeOf(url);
  return new Promise((resolve, reject) => {
    const request = (secure ? modules.https : modules.http).request(
      {
        host: address,
        port,
        path: url.pathname + url.search,
        method: "GET",
        headers: { host: url.host, accept: "image/*", "accept-encoding": "identity", "user-agent": "outlet" },
        servername: isAddress(hostname) ? "" : hostname,
        agent: false,
        signal,
      },
      resolve,
    );
    request.on("error", reject);
    request.end();
  });
}

/** Where a redirect leads; `null` for the image itself. */
function redirectOf({ statusCode = 0, headers }: NodeIncoming): string | null {
  const { location } = headers;
  if (statusCode < 300 || statusCode > 399 || typeof location !== "string") return null;
  return location;
}

async function readBody(response: NodeIncoming, { maxBytes, signal }: FetchImageOptions): Promise<Uint8Array> {
  const { statusCode, headers } = response;
  try {
    if (statusCode !== 200) throw new ImageDownloadError(`The server answered with status ${statusCode}.`);
    if (Number(headers["content-length"]) > maxBytes) throw tooLarge();
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of response) {
      size += piece.length;
      if (size > maxBytes) throw tooLarge();
      pieces.push(piece);
    }
    return concatBytes(pieces);
  } catch (error) {
    response.destroy();
    if (error instanceof ImageDownloadError || signal.aborted) throw error;
    throw unreachable();
  }
}

function tooLarge(): ImageDownloadError {
  return new ImageDownloadError("Image size exceeds the limit.");
}
