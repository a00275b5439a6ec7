/** Where a client is pointed at: all that its user has to know of an outlet. */
export interface Api {
  /** With `/v1`. */
  readonly baseURL: string;
  readonly apiKey: string;
  readonly model: string;
  readonly embeddingModel: string;
}

export interface Tokens {
  readonly input: number | undefined;
  readonly output: number | undefined;
}

export interface Said {
  readonly text: string;
  /** Null where the library reports none. */
  readonly tokens: Tokens | null;
}

export interface Streamed {
  /** Texts in the order of their arrival, none empty. */
  readonly pieces: readonly string[];
  readonly tokens: Tokens | null;
}

export interface Failure {
  readonly status: number | undefined;
  readonly message: string;
}

export interface ChatSettings {
  readonly temperature?: number;
}

export type GetWeather = (city: string) => string;

/** One library, used as its documentation shows: nothing is tuned for Outlet but the base URL, the key and the model's id. */
export interface Client {
  readonly name: string;
  /** What the library has not got at all, each with the reason. */
  readonly lacks: Readonly<Partial<Record<Scenario, string>>>;
  /** What it takes to do it, where that is more than the usual way. */
  readonly notes?: Readonly<Partial<Record<Scenario, string>>>;
  chat(api: Api, prompt: string, settings?: ChatSettings): Promise<Said>;
  stream(api: Api, prompt: string): Promise<Streamed>;
  /** The whole loop: the model asks for `get_weather`, the library runs it and sends its result. Resolves with the last text. */
  callTool(api: Api, prompt: string, getWeather: GetWeather): Promise<string>;
  /** The same, over streams. */
  callToolStreaming?(api: Api, prompt: string, getWeather: GetWeather): Promise<string>;
  embed?(api: Api, inputs: string[], dimensions: number): Promise<number[][]>;
  /** Begins a stream and leaves, as the library's users do it, when the first text is there. */
  leave(api: Api, prompt: string): Promise<void>;
  /** What a user can read from an error that the library has thrown. */
  failure(error: unknown): Failure;
}

export const scenarios = [
  "chats",
  "streams",
  "calls a tool",
  "calls a tool while it streams",
  "embeds",
  "surfaces a 401",
  "surfaces a 400",
  "surfaces an error in a stream",
  "stops the engine when it leaves",
] as const;

export type Scenario = (typeof scenarios)[number];
