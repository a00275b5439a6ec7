/** Where a part of a chat comes from that a client sent in another form: its path in the request, and its type there. */
export interface Origin {
  readonly param: string;
  readonly type: string;
}

/** Beside the chat, which engines are given as it is. */
const origins = new WeakMap<object, Origin>();

/** The same part; what is refused of it is told by its origin. */
export function madeFrom<Made extends object>(made: Made, origin: Origin): Made {
  origins.set(made, origin);
  return made;
}

export function originOf(made: object): Origin | undefined {
  return origins.get(made);
}
