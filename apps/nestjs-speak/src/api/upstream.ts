import { Inject, Injectable } from "@nestjs/common";
import type { Engine } from "@outlet/core";
import { openai } from "@outlet/engine-openai";
import { AppConfig } from "../config.module.ts";
import { mockTutor } from "../mock-tutor/mock-tutor.ts";

/** The mock's pace: visible, as a real model's is. */
const MOCK_TOKENS_PER_SECOND = 30;

/** What answers: the API that the environment names, else the mock tutor. */
@Injectable()
export class Upstream {
  readonly model: string;
  readonly engine: Engine;
  /** For people: `https://api.openai.com/v1`. */
  readonly name: string;
  /** True when nobody who knows the language answers. */
  readonly isMock: boolean;

  constructor(@Inject(AppConfig) { model, upstream }: AppConfig) {
    this.model = model;
    this.engine = upstream ? openai(upstream) : mockTutor({ tokensPerSecond: MOCK_TOKENS_PER_SECOND });
    this.name = upstream?.baseURL ?? "the mock tutor";
    this.isMock = upstream === null;
  }
}
