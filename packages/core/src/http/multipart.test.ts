import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readMultipart } from "./multipart.ts";

const encoder = new TextEncoder();

async function* inChunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const at = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...at, bytes.length]) {
    if (to > from) yield bytes.subarray(from, to);
    from = to;
  }
}

async function read(contentType: string, source: AsyncIterable<Uint8Array>, limits = { maxBytes: 1_000_000 }) {
  const parts: { name: string; filename: string | undefined; text: string }[] = [];
  const decoder = () => new TextDecoder("utf-8", { ignoreBOM: true });
  for await (const { name, filename, body } of readMultipart(contentType, source, limits)) {
    const utf8 = decoder();
    let text = "";
    for await (const chunk of body) text += utf8.decode(chunk, { stream: true });
    parts.push({ name, filename, text: text + utf8.decode() });
  }
  return parts;
}

async function encode(form: FormData) {
  const request = new Request("http://x", { method: "POST", body: form });
  return {
    contentType: request.headers.get("content-type") as string,
    bytes: new Uint8Array(await request.arrayBuffer()),
  };
}

const name = fc.string({ unit: fc.constantFrom("a", "b", "[]", "é"), minLength: 1, maxLength: 4 });
const value = fc.string({ unit: fc.constantFrom("x", "é", "-", "--", "🙂", " "), maxLength: 40 });

test("a form reads the same wherever its bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ name, value, file: fc.boolean() }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (fields, cuts) => {
        const form = new FormData();
        for (const field of fields) {
          if (field.file) form.append(field.name, new File([field.value], "a b.wav"), "a b.wav");
          else form.append(field.name, field.value);
        }
        const { contentType, bytes } = await encode(form);
        expect(await read(contentType, inChunks(bytes, cuts))).toEqual(
          fields.map((field) => ({
            name: field.name,
            filename: field.file ? "a b.wav" : undefined,
            text: field.value,
          })),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test("parts that nobody reads are skipped", async () => {
  const form = new FormData();
  form.append("big", "x".repeat(100_000));
  form.append("model", "whisper-1");
  const { contentType, bytes } = await encode(form);
  const names: string[] = [];
  for await (const part of readMultipart(contentType, inChunks(bytes, [10, 5000, 70_000]), { maxBytes: 1e6 }))
    names.push(part.name);
  expect(names).toEqual(["big", "model"]);
});

describe("a body that is not a whole form is refused", () => {
  test("wherever it is cut off", async () => {
    const form = new FormData();
    form.append("model", "whisper-1");
    form.append("file", new File(["abc"], "a.wav"));
    const { contentType, bytes } = await encode(form);
    const closing = new TextDecoder("latin1").decode(bytes).lastIndexOf("--");
    for (let length = 0; length < closing; length++) {
      await expect(read(contentType, inChunks(bytes.slice(0, length), []))).rejects.toMatchObject({ status: 400 });
    }
  });

  test.each([
    ["no boundary", "multipart/form-data", "--x\r\n"],
    ["no name", "multipart/form-data; boundary=x", "--x\r\ncontent-disposition: form-data\r\n\r\nv\r\n--x--\r\n"],
    ["something else", "multipart/form-data; boundary=x", '{"model":"m"}'],
  ])("when it has %s", async (_name, contentType, body) => {
    await expect(read(contentType, inChunks(encoder.encode(body), []))).rejects.toMatchObject({ status: 400 });
  });

  test("when it is over a limit", async () => {
    const form = new FormData();
    for (let i = 0; i < 200; i++) form.append("a", "b");
    const { contentType, bytes } = await encode(form);
    await expect(read(contentType, inChunks(bytes, []))).rejects.toMatchObject({ status: 400 });
    await expect(read(contentType, inChunks(bytes, []), { maxBytes: 100 })).rejects.toMatchObject({ status: 413 });
  });
});
