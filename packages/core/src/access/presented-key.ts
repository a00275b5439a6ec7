import { incorrectKey, missingKey } from "../errors/catalogue.ts";
import type { Exchange } from "../http/exchange.ts";

/** The key a client sent, as a bearer token or as the user or password of basic authentication. */
export function presentedKey(exchange: Exchange): string {
  const header = exchange.header("authorization");
  if (!header) throw missingKey();
  const space = header.indexOf(" ");
  const scheme = header.slice(0, space).toLowerCase();
  const value = header.slice(space + 1).trim();
  if (space < 0 || value === "") throw missingKey();
  if (scheme === "bearer") return value;
  if (scheme === "basic") return basicKey(value);
  throw missingKey();
}

function basicKey(encoded: string): string {
  let decoded: string;
  try {
    decoded = atob(encoded);
  } catch {
    throw incorrectKey("");
  }
  const colon = decoded.indexOf(":");
  return colon > 0 && colon === decoded.length - 1 ? decoded.slice(0, -1) : decoded.slice(colon + 1);
}
