import { fileURLToPath } from "node:url";
import { StandardSchemaValidationPipe } from "@nestjs/common";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { DocumentBuilder, SwaggerModule } from "@nestjs/swagger";
import type { RequestHandler } from "express";
import { SESSION_COOKIE } from "./tutor/session.ts";

const PUBLIC = fileURLToPath(new URL("../public", import.meta.url));

/** What `NestFactory.create` leaves to be said: for `main`, and for tests that make the application their own way. */
export function configure(app: NestExpressApplication): NestExpressApplication {
  app.useSecurityHeaders({
    // Nothing but this server's own files may run, load or be called; nobody may frame the page.
    contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
    xFrameOptions: { action: "deny" },
    // Whoever terminates TLS says this, if it is to be said.
    strictTransportSecurity: false,
  });
  app.enableCsrfProtection();
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  app.enableShutdownHooks();

  app.use("/docs", docsPolicy);
  SwaggerModule.setup("docs", app, () => createDocument(app), { jsonDocumentUrl: "docs/openapi.json" });
  app.useStaticAssets(PUBLIC);
  return app;
}

const PAGE_POLICY = {
  defaultSrc: "'self'",
  objectSrc: "'none'",
  baseUri: "'none'",
  formAction: "'self'",
  frameAncestors: "'none'",
};

/** Swagger's page brings styles of its own, in the page and on its elements; scripts stay in files. */
const docsPolicy: RequestHandler = (_request, response, next) => {
  response.setHeader(
    "content-security-policy",
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " +
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  next();
};

function createDocument(app: NestExpressApplication) {
  const config = new DocumentBuilder()
    .setTitle("Speak")
    .setDescription("A language tutor, and the OpenAI API that it is made with.")
    .addCookieAuth(SESSION_COOKIE, { type: "apiKey", in: "cookie" }, "session")
    .addBearerAuth({ type: "http", description: "A key of OUTLET_KEYS, for the operations below /v1." }, "bearer")
    .addSecurityRequirements("bearer")
    .build();
  return SwaggerModule.createDocument(app, config);
}
