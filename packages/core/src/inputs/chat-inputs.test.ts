import { expect, it } from "vitest";
import { defineModel } from "../engine/define-model.ts";
import type { Engine } from "../engine/engine.ts";
import type { OutletOptions } from "../options.ts";
import type { ChatCompletionRequest } from "../resources/chat/completions/chat-completions.schema.ts";
import { forwardEngine, testOutlet } from "../test-support.ts";
import { IMAGES, pngOfSize } from "./images.fixture.ts";

const PNG = `data:image/png;base64,${IMAGES.png}`;
const REMOTE = "https://example.com/a.png?signature=secret";
const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const image = (url: unknown, more: object = {}) => ({ type: "image_url", image_url: { url, ...more } });
const asking = (...content: unknown[]) => ({ model: "m", messages: [{ role: "user", content }] });

/** An outlet whose one model keeps the messages it was asked. */
function watched(model: Partial<Engine> = {}, options: Partial<OutletOptions> = {}) {
  const seen: ChatCompletionRequest["messages"][] = [];
  const engine = defineModel({
    chat({ messages }) {
      seen.push(messages);
      return "I see.";
    },
    ...(model.images && { images: model.images }),
  });
  return {
    seen,
    ...testOutlet({ models: { m: engine, blind: { engine, capabilities: { vision: false } } }, ...options }),
  };
}

const IN_URL = "messages[0].content[0].image_url.url";
it.each<[what: string, part: unknown, param: string, code: string | null, message: RegExp]>([
  ["a bare path", image("a.png"), IN_URL, "invalid_value", /without the 'data:' prefix/],
  ["another scheme", image("file:///etc/passwd"), IN_URL, "invalid_value", /without the 'data:' prefix/],
  ["bare base64", image(IMAGES.png), IN_URL, "invalid_value", /e\.g\. 'data:image\/png;base64,/],
  ["a data URL without data", image("data:image/png;base64"), IN_URL, "invalid_value", /not base64-encoded/],
  ["a data URL that is not base64", image("data:image/png,%89PNG"), IN_URL, "invalid_value", /not base64-encoded/],
  ["no bytes", image("data:image/png;base64,"), IN_URL, "invalid_value", /empty base64-encoded bytes/],
  ["wrong base64", image("data:image/png;base64,iVBOR*0KGgo="), IN_URL, "invalid_value", /an invalid base64/],
  ["cut base64", image("data:image/png;base64,iVBORw0KG"), IN_URL, "invalid_value", /an invalid base64/],
  ["padding inside", image("data:image/png;base64,iV=ORw=="), IN_URL, "invalid_value", /an invalid base64/],
  ["another type", image("data:application/pdf;base64,JVBERi0="), IN_URL, "invalid_value", /'application\/pdf'/],
  [
    "an image that is none",
    image("data:image/png;base64,SGVsbG8="),
    IN_URL,
    "invalid_image_format",
    /unsupported image/,
  ],
  [
    "an unknown detail",
    image(PNG, { detail: "ultra" }),
    "messages[0].content[0].image_url.detail",
    "invalid_value",
    /ultra/,
  ],
  [
    "audio that is not base64",
    { type: "input_audio", input_audio: { data: "data:audio/wav;base64,AAAA", format: "wav" } },
    "messages[0].content[0].input_audio.data",
    "invalid_value",
    /base64-encoded audio bytes/,
  ],
  [
    "a file by its id",
    { type: "file", file: { file_id: "file-abc" } },
    "messages[0].content[0].file.file_id",
    "unsupported_parameter",
    /send 'file_data'/,
  ],
  [
    "an empty file",
    { type: "file", file: {} },
    "messages[0].content[0].file.file_data",
    "missing_required_parameter",
    /Missing/,
  ],
  [
    "a file that is bare base64",
    { type: "file", file: { file_data: "JVBERi0=" } },
    "messages[0].content[0].file.file_data",
    "invalid_value",
    /an invalid base64-encoded value/,
  ],
  [
    "a file that is no PDF",
    { type: "file", file: { file_data: "data:text/markdown;base64,SGVsbG8=" } },
    "messages[0].content[0].file.file_data",
    "invalid_value",
    /unsupported MIME type 'text\/markdown'/,
  ],
])("refuses %s before the model hears of it", async (_what, part, param, code, message) => {
  const { post, seen } = watched();
  const response = await post("/chat/completions", asking(part));
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: unknown };
  expect(error).toMatchObject({ type: "invalid_request_error", param, code, message: expect.stringMatching(message) });
  expect(seen).toEqual([]);
});

it("hands images, audio and files on as the client wrote them", async () => {
  const { post, seen } = watched();
  const content = [
    { type: "text", text: "What is this?" },
    image(PNG, { detail: "original" }),
    image(REMOTE),
    { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
    { type: "file", file: { file_data: "data:application/pdf;base64,JVBERi0=", filename: "a.pdf" } },
  ];
  const response = await post("/chat/completions", asking(...content));
  expect(response.status).toBe(200);
  expect(seen).toEqual([[{ role: "user", content }]]);
});

it("takes 1,500 images and no more", async () => {
  const { post } = watched();
  const many = (count: number) => asking(...Array.from({ length: count }, () => image(REMOTE)));
  expect((await post("/chat/completions", many(1500))).status).toBe(200);
  const response = await post("/chat/completions", many(1501));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: "messages", code: "too_many_images" } });
});

it("refuses an image above 20 MB", async () => {
  const { post } = watched();
  const url = `${PNG.slice(0, -4)}${"AAAA".repeat(6_666_700)}`;
  const response = await post("/chat/completions", asking(image(url)));
  expect(await response.json()).toMatchObject({
    error: { param: IN_URL, message: expect.stringMatching(/below 20 MB/) },
  });
});

it("tells a model that does not see by its name for what it cannot take", async () => {
  const { post, seen } = watched();
  const response = await post("/chat/completions", {
    ...asking({ type: "text", text: "x" }, image(PNG)),
    model: "blind",
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: {
      message: "Invalid content type. image_url is only supported by certain models.",
      type: "invalid_request_error",
      param: "messages[0].content[1]",
      code: null,
    },
  });
  expect(seen).toEqual([]);
});

it("counts images of the request by their size", async () => {
  const { post } = watched();
  const tokensOf = async (part: unknown) => {
    const response = await post("/chat/completions", asking(part));
    return ((await response.json()) as { usage: { prompt_tokens: number } }).usage.prompt_tokens;
  };
  const none = await tokensOf({ type: "text", text: "" });
  expect((await tokensOf(image(pngOfSize(2048, 4096)))) - none).toBe(1105);
  expect((await tokensOf(image(pngOfSize(2048, 4096), { detail: "low" }))) - none).toBe(85);
  expect((await tokensOf(image(REMOTE))) - none).toBe(765);
});

it("fetches what an engine needs the bytes of, each URL once, and leaves the rest", async () => {
  const asked: string[] = [];
  const { post, seen } = watched(
    { images: "bytes" },
    {
      fetchImage: async (url) => {
        asked.push(url);
        return bytes(IMAGES.gif);
      },
    },
  );
  const response = await post("/chat/completions", asking(image(REMOTE, { detail: "low" }), image(PNG), image(REMOTE)));
  expect(response.status).toBe(200);
  expect(asked).toEqual([REMOTE]);
  const gif = `data:image/gif;base64,${IMAGES.gif}`;
  expect(seen).toEqual([[{ role: "user", content: [image(gif, { detail: "low" }), image(PNG), image(gif)] }]]);
});

it("fetches for an engine with an upstream, too, where that needs bytes, and changes nothing otherwise", async () => {
  const reply = { status: 200, headers: {}, body: new TextEncoder().encode('{"id":"x","choices":[]}') };
  const sent: string[] = [];
  const forward = forwardEngine(reply, sent);
  const { post } = testOutlet({
    models: { m: { ...forward, images: "bytes" }, asIs: forward },
    fetchImage: async () => bytes(IMAGES.gif),
  });
  await post("/chat/completions", asking(image(REMOTE)));
  expect(JSON.parse(sent[0] as string).messages[0].content).toEqual([image(`data:image/gif;base64,${IMAGES.gif}`)]);
  const asIs = JSON.stringify({ ...asking(image(REMOTE)), model: "asIs" });
  await post("/chat/completions", asIs);
  expect(sent[1]).toBe(asIs);
});

it.each<[what: string, fetchImage: NonNullable<OutletOptions["fetchImage"]>, code: string, message: string]>([
  [
    "fails",
    () => Promise.reject(new Error("ECONNREFUSED 10.0.0.7:6379")),
    "invalid_image_url",
    "Failed to download image from https://example.com/a.png. The URL could not be reached.",
  ],
  [
    "brings something else",
    async () => new TextEncoder().encode("<html>"),
    "invalid_image_format",
    "You uploaded an unsupported image. Please make sure your image is of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
  ],
  [
    "brings too much",
    async () => new Uint8Array(20_000_001),
    "invalid_image_url",
    "Failed to download image from https://example.com/a.png. Image size exceeds the limit.",
  ],
])(
  "a fetch that %s is the client's 400, without a word of the server's insides",
  async (_what, fetchImage, code, message) => {
    const { post, seen } = watched({ images: "bytes" }, { fetchImage });
    const response = await post("/chat/completions", asking(image(REMOTE)));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { message, type: "invalid_request_error", param: IN_URL, code },
    });
    expect(seen).toEqual([]);
  },
);

it("stops fetching when the client leaves", async () => {
  const client = new AbortController();
  let stopped = false;
  const { post, settled } = watched(
    { images: "bytes" },
    {
      fetchImage: (_url, { signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            stopped = true;
          });
          client.abort();
        }),
    },
  );
  await expect(post("/chat/completions", asking(image(REMOTE)), { signal: client.signal })).resolves.toMatchObject({
    status: 499,
  });
  expect(stopped).toBe(true);
  expect(settled[0]).toMatchObject({ outcome: "cancelled", usage: null });
});
