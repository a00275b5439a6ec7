import { fileURLToPath } from "node:url";
import express, { type RequestHandler } from "express";

/** Nothing but this server's own files may run, load or be called; nobody may frame the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  });
  next();
};

/** The chat page: plain HTML, CSS and JavaScript, served as they are. */
export const page: RequestHandler = express.static(fileURLToPath(new URL("./public", import.meta.url)));
