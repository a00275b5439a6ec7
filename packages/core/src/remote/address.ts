// Which addresses are the public internet's, by the registries of special-purpose addresses:
// https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry

/** Networks that are not, as `address/bits`. */
const CLOSED_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  // Cloud platforms answer with credentials on the first, and on the second, which is public by its number.
  "169.254.0.0/16",
  "168.63.129.16/32",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].map(network4);

/**
 * All public IPv6 is in `2000::/3`. Loopback, link-local, private and multicast addresses are not, and neither are those
 * that have an IPv4 address in them; 6to4 and Teredo addresses have one, too, and stand here.
 */
const OPEN_IPV6 = network6("2000::/3");
const CLOSED_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map(network6);

/** True for an IPv4 or IPv6 address that anybody may connect to; false for all others, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const four = ipv4(address);
  if (four !== null) return !CLOSED_IPV4.some((network) => within(four, network));
  const six = ipv6(address);
  return six !== null && within(six, OPEN_IPV6) && !CLOSED_IPV6.some((network) => within(six, network));
}

export function isAddress(text: string): boolean {
  return ipv4(text) !== null || ipv6(text) !== null;
}

interface Network {
  readonly start: readonly number[];
  readonly bits: number;
}

/** Compares as many bits as the network has, byte by byte. */
function within(address: readonly number[], { start, bits }: Network): boolean {
  return start.every((byte, i) => {
    const counted = Math.min(8, Math.max(0, bits - i * 8));
    const mask = (0xff << (8 - counted)) & 0xff;
    return ((address[i] as number) & mask) === (byte & mask);
  });
}

function network4(network: string): Network {
  return networkOf(network, ipv4);
}

function network6(network: string): Network {
  return networkOf(network, ipv6);
}

function networkOf(network: string, parse: (address: string) => number[] | null): Network {
  const [address = "", bits] = network.split("/");
  return { start: parse(address) as number[], bits: Number(bits) };
}

/** Four bytes. Only the plain form: URLs have the octal, hexadecimal and short ones made plain already. */
function ipv4(text: string): number[] | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return null;
  const bytes = text.split(".").map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** Sixteen bytes. */
function ipv6(text: string): number[] | null {
  const plain = plainIpv6(text);
  if (plain === null) return null;
  const [head = "", tail] = plain.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}

/** Hexadecimal groups with the longest run of zeros as `::`, as URLs write it; a dotted end and a zone are gone. */
function plainIpv6(text: string): string | null {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return null;
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}
