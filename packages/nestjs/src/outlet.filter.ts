import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from "@nestjs/common";
import { BaseExceptionFilter } from "@nestjs/core";
import type { HostReply, HostRequestObject } from "./node-pair.ts";
import { OutletMount } from "./outlet.mount.ts";

/**
 * Answers errors of requests to the mount in the API's envelope. It is bound to the generated controller and, behind every
 * filter of the application's, globally, for what middleware throws; there, requests to other routes get Nest's default.
 */
@Catch()
export class OutletExceptionFilter extends BaseExceptionFilter implements ExceptionFilter {
  constructor(@Inject(OutletMount) private readonly mount: OutletMount) {
    super();
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    // Without a result, the exception handlers of other transports go on to their own default.
    if (host.getType<string>() !== "http") return;
    const request = host.getArgByIndex<HostRequestObject>(0);
    if (this.mount.owns("raw" in request ? request.raw : request)) {
      void this.mount.refuse(request, host.getArgByIndex<HostReply>(1), exception);
    } else {
      super.catch(exception, host);
    }
  }
}
