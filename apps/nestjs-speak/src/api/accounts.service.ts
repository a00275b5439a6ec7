import { createHash } from "node:crypto";
import { Inject, Injectable } from "@nestjs/common";
import { AppConfig } from "../config.module.ts";

/** Who may use `/v1`. Here the environment says it; in your application, the table of users does. */
@Injectable()
export class AccountsService {
  // Looked up by digest: how long that takes tells nothing about the keys.
  private readonly names: ReadonlyMap<string, string>;

  constructor(@Inject(AppConfig) config: AppConfig) {
    this.names = new Map(config.accounts.map(({ name, key }) => [digest(key), name]));
  }

  /** The name of the account that a key belongs to. */
  nameOf(key: string): string | undefined {
    return this.names.get(digest(key));
  }
}

function digest(key: string): string {
  return createHash("sha256").update(key).digest("base64");
}
