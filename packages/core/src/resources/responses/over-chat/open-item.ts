import type { ResponseEvent } from "../responses.events.ts";
import type { OutputItem } from "../responses.types.ts";

/** An item that is being made. It tells its own events, from the one that adds it to the one that ends it. */
export interface OpenItem {
  readonly index: number;
  /** Ends it; `incomplete` when the model was cut off in it. */
  close(status: "completed" | "incomplete"): OutputItem;
}

export interface NewItem {
  readonly id: string;
  /** Its place in the output. */
  readonly index: number;
  readonly emit: (event: ResponseEvent) => void;
}
