/** A text longer than this is none of them, and is not looked at. */
const MAX_LENGTH = 1024;

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):[0-5]\d)?$/;
const OFFSET = /([zZ]|[+-]\d\d:\d\d)$/;
const DURATION = /^P(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/;
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/;
const LABEL = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/;
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const BYTE = /^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** The formats of https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  "date-time": (text) => {
    const [date, time, more] = text.split(/[tT]/);
    return more === undefined && isDate(date) && time !== undefined && TIME.test(time) && OFFSET.test(time);
  },
  date: isDate,
  time: (text) => TIME.test(text),
  duration: (text) => DURATION.test(text) && !/[PT]$/.test(text),
  email: (text) => EMAIL.test(text),
  hostname: (text) => text.length <= 253 && text.split(".").every((label) => label.length <= 63 && LABEL.test(label)),
  ipv4: isIpv4,
  ipv6: isIpv6,
  uuid: (text) => UUID.test(text),
};

export function isKnownFormat(format: unknown): format is string {
  return typeof format === "string" && Object.hasOwn(FORMATS, format);
}

export function hasFormat(text: string, format: string): boolean {
  return text.length <= MAX_LENGTH && FORMATS[format]?.(text) === true;
}

function isDate(text: string | undefined): boolean {
  const [, year, month, day] = DATE.exec(text ?? "") ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function isIpv4(text: string): boolean {
  const bytes = text.split(".");
  return bytes.length === 4 && bytes.every((byte) => BYTE.test(byte));
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const withIpv4 = last.includes(".");
  if (withIpv4 && !isIpv4(last)) return false;
  if (!(withIpv4 ? groups.slice(0, -1) : groups).every((group) => GROUP.test(group))) return false;
  const length = groups.length + (withIpv4 ? 1 : 0);
  return halves.length === 2 ? length < 8 : length === 8;
}
