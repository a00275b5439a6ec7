import { randomBytes } from "node:crypto";
import { Global, Injectable, Module } from "@nestjs/common";
import { z } from "zod";

/** An empty variable is one that is not set. */
const text = z.preprocess((value) => (value === "" ? undefined : value), z.string().optional());

const environment = z.object({
  PORT: z.preprocess((value) => value || 3000, z.coerce.number().int().min(0).max(65_535)),
  HOST: text.default("127.0.0.1"),
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: text.default("https://api.openai.com/v1"),
  TUTOR_MODEL: text.default("gpt-4o-mini"),
  OUTLET_KEYS: text,
});

export interface Account {
  /** Who the key stands for. */
  readonly name: string;
  readonly key: string;
}

/** What the environment says. */
@Injectable()
export class AppConfig {
  readonly port: number;
  readonly host: string;
  readonly model: string;
  /** Null: no real model, the mock tutor teaches. */
  readonly upstream: { readonly apiKey: string; readonly baseURL: string } | null;
  /** Who may use `/v1`. */
  readonly accounts: readonly Account[];
  /** True when the only account was made at this start, so somebody has to be told its key. */
  readonly madeAccount: boolean;

  constructor() {
    const env = environment.parse(process.env);
    this.port = env.PORT;
    this.host = env.HOST;
    this.model = env.TUTOR_MODEL;
    this.upstream = env.OPENAI_API_KEY ? { apiKey: env.OPENAI_API_KEY, baseURL: env.OPENAI_BASE_URL } : null;
    this.madeAccount = env.OUTLET_KEYS === undefined;
    this.accounts =
      env.OUTLET_KEYS === undefined
        ? [{ name: "owner", key: `sk-${randomBytes(24).toString("base64url")}` }]
        : env.OUTLET_KEYS.split(",").map(readAccount);
  }
}

/** @throws TypeError for what is not `name:key`; the key itself is not repeated */
function readAccount(pair: string): Account {
  const [, name, key] = /^\s*([^:\s]+):(\S+)\s*$/.exec(pair) ?? [];
  if (!name || !key) throw new TypeError("OUTLET_KEYS is a list of name:key, with commas between them");
  return { name, key };
}

@Global()
@Module({ providers: [AppConfig], exports: [AppConfig] })
export class ConfigModule {}
