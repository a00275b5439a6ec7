import { fileURLToPath } from "node:url";
import { serveStatic } from "@hono/node-server/serve-static";
import { secureHeaders } from "hono/secure-headers";

/**
 * Nothing but this server's own files may run, load or be called; nobody may frame the page; and no text becomes HTML: with
 * trusted types required and none allowed, the browser itself refuses `innerHTML`.
 */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
  xFrameOptions: "DENY",
});

/** The shop's page: plain HTML, CSS and JavaScript, served as they are. */
export const page = serveStatic({ root: fileURLToPath(new URL("./public", import.meta.url)) });
