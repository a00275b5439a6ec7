import { z } from "zod";
import { pageQuery } from "../../pipeline/page.ts";

// What the requests of the admin API have in common.

const TEN_YEARS = 10 * 366 * 24 * 60 * 60;

export const objectName = z.string().min(1).max(256);

/** Seconds from now; the reference states no bounds. */
export const expiresInSeconds = z.int().min(1).max(TEN_YEARS);

/** Of lists in the order of creation, newest first. */
export const adminPageQuery = pageQuery.pick({ after: true, limit: true });

/** As short as addresses are, and of printable characters: it is kept, and found again, as it is. */
export const email = z
  .string()
  .max(254)
  .regex(/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u, { error: "expected an e-mail address" });
