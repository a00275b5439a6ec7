import { Inject, Injectable } from "@nestjs/common";
import { ApplicationConfig } from "@nestjs/core";
import type { Exchange, Reply } from "@outlet/core";
import { answerNodeRequest, type NodeRequest, type NodeResponse } from "@outlet/core/node";
import { belowPrefixes, mountPrefixes, normalizePath } from "./mount-path.ts";
import { type HostReply, type HostRequestObject, nodePair } from "./node-pair.ts";
import { HostedOutlet } from "./outlet.provider.ts";
import { toApiError } from "./to-api-error.ts";

export interface MountSettings {
  /** Normalized: with a leading slash, or empty for the root. */
  readonly path: string;
  readonly hostBodyParser: boolean;
}

export const MOUNT_SETTINGS: unique symbol = Symbol("OUTLET_MOUNT_SETTINGS");

/**
 * Where a response has the first exchange that it was to answer. Not in a `WeakMap`: one that changes with every request
 * keeps requests alive until the next full collection.
 */
const EXCHANGE = Symbol("outlet:exchange");

type Answered = NodeResponse & { [EXCHANGE]?: Exchange };

/** One mounted outlet: which requests are its own, and how they are answered on either platform. */
@Injectable()
export class OutletMount {
  /** True once a route of the application's own is found below the mount path. */
  shared: boolean;
  /** What `RouterModule` puts before the path. */
  modulePath = "";
  private prefixes: readonly string[] | undefined;

  constructor(
    @Inject(HostedOutlet) private readonly hosted: HostedOutlet,
    @Inject(MOUNT_SETTINGS) readonly settings: MountSettings,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
  ) {
    this.shared = settings.path === "";
  }

  /** The path below the mount, query included, or null. The global prefix is set after construction, so it is read late. */
  below(url: string): string | null {
    this.prefixes ??= mountPrefixes(this.config, normalizePath(this.modulePath) + this.settings.path);
    return belowPrefixes(this.prefixes, url);
  }

  /**
   * The part of a request's URL below the mount. Middleware may have taken a part of `url` away, and an Express
   * application that the host's is mounted in a part of what `originalUrl` has.
   */
  locate({ url = "/", originalUrl = url }: Pick<NodeRequest, "url" | "originalUrl">): string | null {
    return this.below(originalUrl) ?? this.below(url);
  }

  /** True for what this mount answers: all below it or, where it shares its path with other routes, the API's own paths. */
  owns(request: Pick<NodeRequest, "url" | "originalUrl">): boolean {
    const below = this.locate(request);
    return below !== null && (!this.shared || this.hosted.outlet.handles(below.split("?", 1)[0] as string));
  }

  /** Answers a request; resolves when the reply is written, never rejects. */
  async handle(request: HostRequestObject, response: HostReply): Promise<void> {
    await this.answer(request, response, (exchange) => this.hosted.outlet.handle(exchange));
  }

  /** Answers an error of the host's in the API's envelope; what the request had started is cancelled. */
  async refuse(request: HostRequestObject, response: HostReply, error: unknown): Promise<void> {
    const underWay = (nodePair(request, response).res as Answered)[EXCHANGE];
    await this.answer(request, response, (exchange) => this.hosted.outlet.refuse(exchange, toApiError(error)));
    underWay?.cancel();
  }

  close(): Promise<void> {
    return this.hosted.close();
  }

  private async answer(
    request: HostRequestObject,
    response: HostReply,
    work: (exchange: Exchange) => Promise<Reply>,
  ): Promise<void> {
    const { req, res, body, takeOver } = nodePair(request, response);
    if (res.headersSent) return;
    takeOver();
    const url = this.locate(req) ?? req.originalUrl ?? "/";
    const remember = (exchange: Exchange) => {
      (res as Answered)[EXCHANGE] ??= exchange;
      return work(exchange);
    };
    // A head that cannot be written would fail again in the filter: breaking off is all that is left.
    await answerNodeRequest(req, res, remember, { url, host: request, body }).catch(() => res.destroy());
  }
}
