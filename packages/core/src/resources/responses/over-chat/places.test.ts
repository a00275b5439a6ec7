import { expect, it } from "vitest";
import { defineModel } from "../../../engine/define-model.ts";
import { IMAGES } from "../../../inputs/images.fixture.ts";
import { testOutlet } from "../../../test-support.ts";

const GONE = "https://example.com/gone.png";
const PNG = `data:image/png;base64,${IMAGES.png}`;
const image = (image_url: string) => ({ type: "input_image", image_url });
const user = (...content: unknown[]) => ({ role: "user", content });
const text = { type: "input_text", text: "See." };
const call = { type: "function_call", call_id: "call_1", name: "look", arguments: "{}" };
const output = (value: unknown) => ({ type: "function_call_output", call_id: "call_1", output: value });
const form = { format: { type: "json_schema", name: "seen", schema: { type: "object" } } };

const { post } = testOutlet({
  models: {
    // It has no tools and no formats of its own: both are asked for in words, in messages that the client did not send.
    pixels: defineModel({ chat: () => "{}", images: "bytes" }),
    text: defineModel({ complete: () => "x" }),
    blind: { engine: defineModel(() => "x"), capabilities: { vision: false } },
  },
  fetchImage: async () => {
    throw new Error("It is gone.");
  },
});

async function refusal(body: object): Promise<unknown> {
  const response = await post("/responses", body);
  expect(response.status).toBe(400);
  return ((await response.json()) as { error: unknown }).error;
}

it.each<[what: string, body: object, param: string]>([
  ["a message's image", { input: [user(text), user(text, image(GONE))] }, "input[1].content[1].image_url"],
  ["one behind instructions", { instructions: "x", input: [user(image(GONE))] }, "input[0].content[0].image_url"],
  [
    "one behind a form that is asked for in words",
    { text: form, input: [user(image(GONE))] },
    "input[0].content[0].image_url",
  ],
  ["what a tool gave", { input: [user(text), call, output([text, image(GONE)])] }, "input[2].output[1].image_url"],
])("names %s that cannot be fetched by its place in the input", async (_what, body, param) => {
  const error = await refusal({ model: "pixels", ...body });
  expect(error).toMatchObject({ param, message: expect.not.stringContaining("messages[") });
});

it("names an image that a model which continues text cannot take", async () => {
  const error = await refusal({ model: "text", input: [user(text), user(text, image(PNG))] });
  expect(error).toMatchObject({ param: "input[1].content[1]", message: expect.stringContaining("input_image") });
});

it.each<[what: string, more: object, param: string]>([
  ["a message", { input: [user(text, image(PNG))] }, "input[0].content[1]"],
  ["a tool's output", { input: [user(text), call, output([image(PNG)])] }, "input[2].output[0]"],
  ["work in the background", { background: true, input: [user(image(PNG))] }, "input[0].content[0]"],
])("refuses images for a model that does not see, in %s", async (_what, more, param) => {
  const message = "Invalid content type. input_image is only supported by certain models.";
  expect(await refusal({ model: "blind", ...more })).toMatchObject({ param, message });
});

it("refuses to sum up images with a model that does not see", async () => {
  const response = await post("/responses/compact", { model: "blind", input: [user(image(PNG))] });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param: "input[0].content[0]" } });
});
