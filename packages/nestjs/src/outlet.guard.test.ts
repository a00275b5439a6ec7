import { Controller, type ExecutionContext, Get, Injectable, Post, Req, UseGuards } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { type Caller, createMemoryLedger, dollars, type Principal, type SettledCall } from "@outlet/core";
import { describe, expect, it } from "vitest";
import { OutletCaller, OutletGuard, OutletModule, OutletPrincipal, OutletRoute } from "./index.ts";
import { envelope, HELLO, KEY, PLATFORMS, parrot, silent, start } from "./test-support.ts";

const keys = { [KEY]: { id: "machine", organization: "acme", project: "shop" } };
const authorization = `Bearer ${KEY}`;

@Injectable()
class StaffGuard extends OutletGuard {
  protected override authorize({ principal }: Caller, context: ExecutionContext): boolean {
    return context.getHandler().name !== "staff" || principal.id === "ana";
  }
}

@UseGuards(StaffGuard)
@Controller("own")
class OwnController {
  @Get("who")
  who(@OutletPrincipal() principal: Principal, @OutletCaller() caller: Caller) {
    return [principal.id, caller.principal.id, caller.requestId];
  }

  @Get("staff")
  staff() {
    return "staff";
  }

  @OutletRoute({ meter: "reports" })
  @Post("reports")
  report(@OutletCaller() caller: Caller) {
    caller.used({ output_tokens: 500_000 });
    return { made: true };
  }
}

@Controller("open")
class OpenController {
  @Get()
  who(@Req() request: { outlet?: Caller }) {
    return { id: request.outlet?.principal.id ?? null };
  }
}

describe.each(PLATFORMS)("OutletGuard on %s", (platform) => {
  const options = {
    models: { parrot },
    keys,
    logger: silent,
    authenticate: ({ headers }: { headers: Record<string, unknown> }) =>
      headers.cookie === "session=ana" ? { id: "ana" } : null,
  };

  it("lets in whom the API lets in, and tells the handler who they are", async () => {
    const { origin } = await start(platform, {
      imports: [OutletModule.forRoot(options)],
      controllers: [OwnController],
    });
    const reply = await fetch(`${origin}/own/who`, { headers: { authorization } });
    expect(await reply.json()).toEqual(["machine", "machine", reply.headers.get("x-request-id")]);
    expect(reply.headers.get("openai-project")).toBe("shop");
    const session = await fetch(`${origin}/own/who`, { headers: { cookie: "session=ana" } });
    expect(await session.json()).toMatchObject(["ana", "ana", expect.any(String)]);
  });

  it("refuses strangers with the API's status and envelope", async () => {
    const { origin } = await start(platform, {
      imports: [OutletModule.forRoot(options)],
      controllers: [OwnController],
    });
    const wrong = { authorization: "Bearer sk-wrong-0123456789" };
    const own = await fetch(`${origin}/own/who`, { headers: wrong });
    const api = await fetch(`${origin}/v1/models`, { headers: wrong });
    expect(own.status).toBe(401);
    expect(await envelope(own)).toEqual(await envelope(api));
  });

  it("has a step to authorize, which a subclass may override", async () => {
    const { origin } = await start(platform, {
      imports: [OutletModule.forRoot(options)],
      controllers: [OwnController],
    });
    expect((await fetch(`${origin}/own/staff`, { headers: { authorization } })).status).toBe(403);
    const ana = await fetch(`${origin}/own/staff`, { headers: { cookie: "session=ana" } });
    expect([ana.status, await ana.text()]).toEqual([200, "staff"]);
  });

  it("limits a metered route, and settles it when its reply is out", async () => {
    const settled = Promise.withResolvers<SettledCall>();
    const { post } = await start(platform, {
      imports: [
        OutletModule.forRoot({
          ...options,
          ledger: createMemoryLedger(),
          billing: { prices: { reports: { request: 0.5, output: 1 } } },
          limits: { routes: { reports: { requestsPerDay: 1 } } },
          onSettle: settled.resolve,
        }),
      ],
      controllers: [OwnController],
    });
    const first = await post("/own/reports", "{}");
    expect([first.status, first.headers.get("x-ratelimit-remaining-requests")]).toEqual([201, "0"]);
    expect(await settled.promise).toMatchObject({ operationId: "reports", status: 201, cost: dollars(1) });
    const second = await post("/own/reports", "{}");
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, expect.any(String)]);
    expect(await envelope(second)).toMatchObject({ code: "rate_limit_exceeded", type: "requests" });
  });

  it("as a global guard, stands before all routes but the API's own, which ask for themselves", async () => {
    let asked = 0;
    const authenticate = () => {
      asked += 1;
      return null;
    };
    const { origin, client } = await start(platform, {
      imports: [OutletModule.forRoot({ ...options, authenticate })],
      controllers: [OpenController],
      providers: [{ provide: APP_GUARD, useClass: OutletGuard }],
    });
    expect((await fetch(`${origin}/open`)).status).toBe(401);
    expect(await (await fetch(`${origin}/open`, { headers: { authorization } })).json()).toEqual({ id: "machine" });
    asked = 0;
    await client().chat.completions.create(HELLO);
    expect(asked).toBe(1);
  });
});
