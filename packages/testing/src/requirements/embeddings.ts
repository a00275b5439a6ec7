import assert from "node:assert/strict";
import type OpenAI from "openai";
import { EMBEDDINGS, embeddingBody, ok, refused } from "../kit/ask.ts";
import { assertError } from "../kit/assert-error.ts";
import { MODELS } from "../kit/models.ts";
import { vector } from "../kit/script.ts";
import { PAGES, type Requirement } from "../requirement.ts";

const operations = ["createEmbedding"];
const reference = PAGES.embeddings;

export const embeddingsRequirements: readonly Requirement[] = [
  {
    id: "embeddings.object",
    title: "A reply has every required key, each of its type, and vectors of numbers unless base64 was asked for.",
    reference: PAGES.embeddingObject,
    operations,
    async run(context) {
      for (const model of [MODELS.vectors, MODELS.engine]) {
        const list = await ok<OpenAI.CreateEmbeddingResponse>(context, EMBEDDINGS, embeddingBody({ model }));
        assert.deepEqual(Object.keys(list).toSorted(), ["data", "model", "object", "usage"]);
        assert.deepEqual([list.object, list.model], ["list", model]);
        assert.deepEqual(list.data, [{ object: "embedding", index: 0, embedding: vector(0, 4) }]);
        assert.deepEqual(Object.keys(list.usage).toSorted(), ["prompt_tokens", "total_tokens"]);
        assert.ok(list.usage.prompt_tokens > 0 && list.usage.prompt_tokens === list.usage.total_tokens);
      }
    },
  },
  {
    id: "embeddings.inputs",
    title: "A text, a list of texts, a token array and a list of those give one vector an input, in order.",
    reference,
    operations,
    async run({ client, engines }) {
      const inputs: (readonly [OpenAI.EmbeddingCreateParams["input"], unknown[]])[] = [
        ["one", ["one"]],
        [
          ["one", "two", "three"],
          ["one", "two", "three"],
        ],
        [[1, 2, 3], [[1, 2, 3]]],
        [
          [[1, 2], [3]],
          [[1, 2], [3]],
        ],
      ];
      for (const [input, seen] of inputs) {
        const { data } = await client.embeddings.create({ model: MODELS.vectors, input });
        assert.deepEqual(engines.calls.at(-1)?.request.input, seen);
        assert.deepEqual(
          data.map(({ index, embedding }) => [index, Array.from(embedding)]),
          seen.map((_, index) => [index, vector(index, 4)]),
        );
      }
    },
  },
  {
    id: "embeddings.base64",
    title: "`base64` is the vector as little-endian float32, which the SDK asks for and decodes to the same floats.",
    reference,
    operations,
    async run(context) {
      const floats = [0.1, -2.5, 1e-8, 3.4e38];
      context.engines.play({ vectors: () => [floats] });
      const encoded = embeddingBody({ encoding_format: "base64" });
      const list = await ok<{ data: { embedding: string }[] }>(context, EMBEDDINGS, encoded);
      const bytes = Buffer.from(list.data[0]?.embedding ?? "", "base64");
      assert.deepEqual(
        floats.map((_, i) => bytes.readFloatLE(i * 4)),
        floats.map(Math.fround),
      );
      assert.equal(bytes.length, floats.length * 4);
      const decoded = await context.client.embeddings.create({ model: MODELS.vectors, input: "x" });
      assert.deepEqual(Array.from(decoded.data[0]?.embedding ?? []), floats.map(Math.fround));
      const plain = await context.client.embeddings.create({
        model: MODELS.vectors,
        input: "x",
        encoding_format: "float",
      });
      assert.deepEqual(Array.from(plain.data[0]?.embedding ?? []), floats);
    },
  },
  {
    id: "embeddings.dimensions",
    title: "`dimensions` is honoured by a model that can, and refused by name where it cannot be.",
    reference,
    operations,
    async run(context) {
      const { client } = context;
      const { data } = await client.embeddings.create({ model: MODELS.sizedVectors, input: "x", dimensions: 3 });
      assert.equal(data[0]?.embedding.length, 3);
      context.engines.reset();
      const unsupported = { status: 400, code: "unsupported_parameter", param: "dimensions" };
      await refused(context, { path: EMBEDDINGS, body: embeddingBody({ dimensions: 3 }) }, unsupported);
      const zero = embeddingBody({ model: MODELS.sizedVectors, dimensions: 0 });
      await refused(context, { path: EMBEDDINGS, body: zero }, { status: 400, param: "dimensions" });
    },
  },
  {
    id: "embeddings.empty-input",
    title: "An empty text, list or token array, and a list with an empty text, are 400s at `input`.",
    reference,
    operations,
    async run({ http, engines }) {
      for (const input of ["", [], [[]], ["a", ""], [[1], []], null, {}, ["a", 1]]) {
        const reply = await http.send({ path: EMBEDDINGS, body: embeddingBody({ input }) });
        assertError(reply, { status: 400 });
        const { param } = (reply.json() as { error: { param: string } }).error;
        assert.match(param, /^input\b/, `${JSON.stringify(input)}: ${reply.text}`);
      }
      assert.equal(engines.calls.length, 0);
    },
  },
  {
    id: "embeddings.too-many-inputs",
    title: "Up to 2048 inputs are answered; 2049 are a 400 at `input`.",
    reference,
    operations,
    async run(context) {
      const inputs = (count: number) => embeddingBody({ input: Array.from({ length: count }, () => "a") });
      const { data } = await ok<OpenAI.CreateEmbeddingResponse>(context, EMBEDDINGS, inputs(2048));
      assert.equal(data.length, 2048);
      context.engines.reset();
      await refused(context, { path: EMBEDDINGS, body: inputs(2049) }, { status: 400, param: "input" });
    },
  },
  {
    id: "embeddings.usage",
    title: "`usage` is what the engine reports, else counted: a token array counts its tokens.",
    reference: PAGES.embeddingObject,
    operations,
    async run({ client }) {
      const reported = await client.embeddings.create({ model: MODELS.engine, input: "x" });
      assert.deepEqual({ ...reported.usage }, { prompt_tokens: 3, total_tokens: 3 });
      const counted = await client.embeddings.create({
        model: MODELS.vectors,
        input: [
          [1, 2],
          [3, 4, 5],
        ],
      });
      assert.deepEqual({ ...counted.usage }, { prompt_tokens: 5, total_tokens: 5 });
    },
  },
  {
    id: "embeddings.wrong-model",
    title: "A model that does not embed is refused, naming `model`.",
    reference: PAGES.errors,
    operations,
    run: (context) =>
      refused(
        context,
        { path: EMBEDDINGS, body: embeddingBody({ model: MODELS.chat }) },
        { status: 404, param: "model" },
      ),
  },
];
