import { Controller, HttpCode, Post, UseGuards, VERSION_NEUTRAL } from "@nestjs/common";
import type { Caller } from "@outlet/core";
import { OutletCaller, OutletGuard, OutletRoute } from "@outlet/nestjs";
import { answerOwnRoute, OWN_ROUTE } from "@outlet/testing";

/** The kit's route of the host's own. */
@UseGuards(OutletGuard)
@Controller({ path: "own", version: VERSION_NEUTRAL })
export class OwnRouteController {
  @OutletRoute({ meter: OWN_ROUTE })
  @HttpCode(200)
  @Post("route")
  answer(@OutletCaller() caller: Caller) {
    return answerOwnRoute(caller);
  }
}
