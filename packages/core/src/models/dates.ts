/** Unix milliseconds of a date in an option. @throws TypeError that names the option */
export function readDate(text: string, option: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new TypeError(`${option} must be a date such as 2026-03-01, not ${JSON.stringify(text)}`);
  return time;
}
