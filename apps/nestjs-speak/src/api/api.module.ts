import { Logger, Module } from "@nestjs/common";
import type { SettledCall } from "@outlet/core";
import { type HostRequest, OutletModule } from "@outlet/nestjs";
import type { User } from "./account.guard.ts";
import { AccountGuard } from "./account.guard.ts";
import { AccountsService } from "./accounts.service.ts";
import { Upstream } from "./upstream.ts";

@Module({ providers: [AccountsService, Upstream], exports: [AccountsService, Upstream] })
class AccessModule {}

const logger = new Logger("OpenAI API");

/** The OpenAI API at `/v1`; with it, `@InjectOpenAI()` everywhere. */
@Module({
  imports: [
    AccessModule,
    OutletModule.forRootAsync({
      path: "v1",
      guards: [AccountGuard],
      imports: [AccessModule],
      inject: [Upstream],
      useFactory: ({ model, engine }: Upstream) => ({
        models: { [model]: engine },
        // The guard has looked who it is. Nobody is null, which the outlet answers with a 401.
        authenticate: ({ user }: HostRequest) => (user ? { id: (user as User).id } : null),
        onSettle: account,
        logger: {
          error: (details: object, message: string) => logger.error(message, details),
          warn: (details: object, message: string) => logger.warn(message, details),
        },
        graceMs: 5_000,
      }),
    }),
  ],
  exports: [AccessModule],
})
export class ApiModule {}

/** One line for each call, the tutor's own (`in-process`) too: who, what, how much. */
function account({ principal, operationId, model, outcome, usage }: SettledCall): void {
  const what = [operationId ?? "unknown", model, outcome].filter(Boolean).join(" ");
  const tokens = usage ? `${usage.input_tokens} tokens in, ${usage.output_tokens} out` : "nothing consumed";
  logger.log(`${principal?.id ?? "nobody"}: ${what}, ${tokens}`);
}
