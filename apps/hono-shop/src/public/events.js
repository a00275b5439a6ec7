/**
 * Reads server-sent events from a fetch response; yields the JSON of each `data:` line.
 * EventSource cannot do this: it only sends GET, and reconnects by itself.
 */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        if (event.startsWith("data: ")) yield JSON.parse(event.slice("data: ".length));
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
