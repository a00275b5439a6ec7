import { registerHooks } from "node:module";

// This workspace has `@nestjs/swagger` for its tests, and `@outlet/nestjs` describes itself where it finds it. The application
// that is measured has not installed it.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === "@nestjs/swagger") throw new Error("not installed");
    return next(specifier, context);
  },
});
