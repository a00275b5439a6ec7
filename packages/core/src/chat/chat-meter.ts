import { countChatPrompt } from "../ledger/count-chat.ts";
import type { Tokenizer } from "../ledger/tokenizer.ts";
import { addCompletionUsage, type CompletionUsage, type MeteredUsage, meterUsage } from "../ledger/usage.ts";
import { UsageMeter } from "../ledger/usage-meter.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import { type ChatPiece, saidIn } from "./chat-pieces.ts";

type Asked = Pick<ChatCompletionRequest, "model" | "messages" | "tools">;

/** Counts a call that may ask more than once for a choice: the prompt of all choices once, and every further attempt whole. */
export class ChatMeter {
  readonly #tokenizer: Tokenizer;
  readonly #first: UsageMeter;
  readonly #further: UsageMeter[] = [];

  constructor(asked: Asked, tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
    this.#first = meterOf(asked, tokenizer);
  }

  /** Counts what is said of a choice at the first attempt. */
  add(piece: ChatPiece): void {
    this.#first.add(piece.index, saidIn(piece), piece.usage);
  }

  /** What counts a further attempt at a choice. */
  again(asked: Asked): (piece: ChatPiece) => void {
    const meter = meterOf(asked, this.#tokenizer);
    this.#further.push(meter);
    return (piece) => meter.add(piece.index, saidIn(piece), piece.usage);
  }

  /** True when at least one answer had to be counted here. */
  get estimated(): boolean {
    return this.#first.estimated || this.#further.some(({ estimated }) => estimated);
  }

  usage(): CompletionUsage {
    return this.#further.reduce((sum, meter) => addCompletionUsage(sum, meter.usage()), this.#first.usage());
  }

  metered(): MeteredUsage | null {
    return meterUsage(this.usage(), this.estimated) ?? null;
  }
}

function meterOf(asked: Asked, tokenizer: Tokenizer): UsageMeter {
  return new UsageMeter({ tokenizer, prompts: [() => countChatPrompt(asked, tokenizer)], promptOf: () => 0 });
}
