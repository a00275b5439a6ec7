import { createServer } from "node:http";
import { serve } from "./serve.ts";

// The raw upstream that every target stands in front of: canned bytes, so that what is measured is the gateway.

const usage = { prompt_tokens: 12, completion_tokens: 64, total_tokens: 76 };
const words = Array.from({ length: 64 }, (_, i) => ` word${i}`);
const head = { id: "chatcmpl-bench", object: "chat.completion", created: 1, model: "bench" };
const message = { role: "assistant", content: words.join(""), refusal: null };
const whole = JSON.stringify({
  ...head,
  choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
  usage,
});
const events = words.map((content) => {
  const choices = [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }];
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices, usage: null })}\n\n`;
});
const ending = `data: ${JSON.stringify({ ...head, choices: [], usage })}\n\ndata: [DONE]\n\n`;
const paceMs = Number(process.env.PACE_MS ?? 5);

serve(
  createServer((req, res) => {
    let body = "";
    req.setEncoding("utf8");
    req.on("data", (chunk: string) => {
      body += chunk;
    });
    req.on("end", () => {
      if (!body.includes('"stream":true')) {
        res.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(whole) });
        res.end(whole);
        return;
      }
      res.writeHead(200, { "content-type": "text/event-stream" });
      let next = 0;
      const timer = setInterval(() => {
        if (next < events.length) res.write(events[next++]);
        else {
          clearInterval(timer);
          res.end(ending);
        }
      }, paceMs);
      res.on("close", () => clearInterval(timer));
    });
  }),
);
