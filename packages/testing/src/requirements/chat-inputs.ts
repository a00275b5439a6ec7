import assert from "node:assert/strict";
import type OpenAI from "openai";
import { CHAT, chatBody, ok, refused } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { sentBody, upstreamJson } from "../kit/upstream.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createChatCompletion"];
const reference = PAGES.vision;

const ELSEWHERE = "https://images.example/a.png?signature=kit-secret";
const PNG_BASE64 = "iVBORw0KGgoAAAANSUhEUgAACAAAABAA";
/** The head of a PNG of 2048 × 4096 pixels. */
const PNG = `data:image/png;base64,${PNG_BASE64}`;

const image = (url: unknown, more: object = {}) => ({ type: "image_url", image_url: { url, ...more } });
const saying = (...content: unknown[]) => ({ messages: [{ role: "user", content }] });

/** Parts that are wrong: `[part, param below the part, code]`. */
const WRONG: readonly (readonly [unknown, string, string])[] = [
  [image("a.png"), "image_url.url", "invalid_value"],
  [image("ftp://images.example/a.png"), "image_url.url", "invalid_value"],
  [image(PNG_BASE64), "image_url.url", "invalid_value"],
  [image("data:image/png,text"), "image_url.url", "invalid_value"],
  [image("data:image/png;base64,"), "image_url.url", "invalid_value"],
  [image("data:image/png;base64,i*BORw0KGgo="), "image_url.url", "invalid_value"],
  [image("data:image/tiff;base64,SUkqAAgA"), "image_url.url", "invalid_value"],
  [image("data:image/png;base64,SGVsbG8="), "image_url.url", "invalid_image_format"],
  [image(PNG, { detail: "ultra" }), "image_url.detail", "invalid_value"],
  [{ type: "input_audio", input_audio: { data: "no base64!", format: "wav" } }, "input_audio.data", "invalid_value"],
  [{ type: "input_audio", input_audio: { data: "UklGRg==", format: "ogg" } }, "input_audio.format", "invalid_value"],
  [{ type: "file", file: { file_data: "JVBERi0=" } }, "file.file_data", "invalid_value"],
  [{ type: "file", file: { file_data: "data:text/csv;base64,YQ==" } }, "file.file_data", "invalid_value"],
  [{ type: "file", file: { file_id: "file-abc" } }, "file.file_id", "unsupported_parameter"],
  [{ type: "file", file: {} }, "file.file_data", "missing_required_parameter"],
];

export const chatInputsRequirements: readonly Requirement[] = [
  {
    id: "chat.inputs.invalid",
    title: "An image, audio or file that is not what it should be is a 400 that names where it stands.",
    reference,
    operations,
    async run(context) {
      for (const [part, below, code] of WRONG) {
        const body = chatBody(saying({ type: "text", text: "x" }, part));
        await refused(context, { path: CHAT, body }, { status: 400, param: `messages[0].content[1].${below}`, code });
      }
    },
  },
  {
    id: "chat.inputs.too-many-images",
    title: "Up to 1,500 images are taken; one more is a 400.",
    reference,
    operations,
    async run(context) {
      const many = (count: number) => chatBody(saying(...Array.from({ length: count }, () => image("http://a"))));
      await ok(context, CHAT, many(1500));
      context.engines.reset();
      await refused(context, { path: CHAT, body: many(1501) }, { status: 400, code: "too_many_images" });
    },
  },
  {
    id: "chat.inputs.blind-model",
    title: "An image for a model that does not see is a 400 that names the part; text is answered.",
    reference,
    operations,
    async run(context) {
      const body = chatBody({ model: MODELS.blind, ...saying({ type: "text", text: "x" }, image(PNG)) });
      await refused(
        context,
        { path: CHAT, body },
        {
          status: 400,
          param: "messages[0].content[1]",
          message: /^Invalid content type\. image_url is only supported by certain models\.$/,
        },
      );
      await ok(context, CHAT, chatBody({ model: MODELS.blind, ...saying({ type: "text", text: "x" }) }));
    },
  },
  {
    id: "chat.inputs.image-bytes",
    title:
      "An engine that needs bytes gets every image in the request, with its detail; no other's images are fetched.",
    reference,
    operations,
    async run(context) {
      const bytes = Buffer.from(PNG_BASE64, "base64");
      const fetched: string[] = [];
      const fetchKitImage = async (url: string) => {
        fetched.push(url);
        return new Uint8Array(bytes);
      };
      context.engines.play({ image: fetchKitImage });
      const parts = [image(ELSEWHERE, { detail: "low" }), image(PNG), image(ELSEWHERE)];
      await ok(context, CHAT, chatBody({ model: MODELS.engine, ...saying(...parts) }));
      assert.deepEqual(fetched, []);
      await ok(context, CHAT, chatBody({ model: MODELS.pixels, ...saying(...parts) }));
      assert.deepEqual(fetched, [ELSEWHERE]);
      assert.deepEqual(context.engines.calls.at(-1)?.request.messages, [
        { role: "user", content: [image(PNG, { detail: "low" }), image(PNG), image(PNG)] },
      ]);
    },
  },
  {
    id: "chat.inputs.image-unavailable",
    title: "An image that cannot be had is a 400 that names it, before any model is asked.",
    reference,
    operations,
    async run(context) {
      const request = { path: CHAT, body: chatBody({ model: MODELS.pixels, ...saying(image(ELSEWHERE)) }) };
      const param = "messages[0].content[0].image_url.url";
      await refused(context, request, { status: 400, code: "invalid_image_url", param, message: /^(?!.*kit-secret)/s });
      context.engines.play({ image: async () => new TextEncoder().encode("<html>") });
      await refused(context, request, { status: 400, code: "invalid_image_format", param });
      context.engines.play({ image: () => Promise.reject(new Error("x")) });
      const streamed = await context.http.send({ path: CHAT, body: { ...request.body, stream: true } });
      assertError(streamed, { status: 400, code: "invalid_image_url" });
    },
  },
  {
    id: "chat.inputs.image-tokens",
    title: "Where the engine reports no usage, an image counts by its size and detail.",
    reference,
    operations,
    async run(context) {
      const tokens = async (...parts: unknown[]) => {
        const { usage } = await ok<OpenAI.ChatCompletion>(context, CHAT, chatBody(saying(...parts)));
        return usage?.prompt_tokens ?? 0;
      };
      const none = await tokens({ type: "text", text: "" });
      assert.equal((await tokens(image(PNG))) - none, 1105);
      assert.equal((await tokens(image(PNG, { detail: "low" }))) - none, 85);
    },
  },
  {
    id: "chat.inputs.forwarded",
    title: "A far side that speaks the protocol gets images, audio and files as the client wrote them.",
    reference,
    operations,
    async run(context) {
      context.engines.play({ upstream: async () => upstreamJson({ object: "chat.completion", choices: [] }) });
      const file = { type: "file", file: { file_id: "file-abc" } };
      const body = chatBody({ model: MODELS.upstream, ...saying(image(ELSEWHERE), image(PNG), file) });
      await ok(context, CHAT, body);
      assert.deepEqual(sentBody(context.engines.calls[0]?.request), body);
    },
  },
];
