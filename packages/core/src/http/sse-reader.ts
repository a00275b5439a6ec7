import type { ByteStream } from "./exchange.ts";

export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/**
 * Reads an event stream, however its bytes are cut into chunks. What an unfinished last event holds is dropped, as the
 * standard has it. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 * @throws RangeError when one event is longer than `maxLength` characters
 */
export async function* readEvents(source: ByteStream, maxLength: number): AsyncGenerator<ServerSentEvent> {
  let event = "";
  let data: string[] = [];
  let length = 0;
  for await (const line of readLines(source, maxLength)) {
    length += line.length;
    if (length > maxLength) throw tooLong();
    if (line === "") {
      if (data.length > 0) yield { event: event || "message", data: data.join("\n") };
      event = "";
      data = [];
      length = 0;
    } else if (line.startsWith("data:")) data.push(fieldValue(line, 5));
    else if (line.startsWith("event:")) event = fieldValue(line, 6);
  }
}

/** Only what has just arrived is searched: a long line in small chunks costs no more than a short one. */
async function* readLines(source: ByteStream, maxLength: number): AsyncGenerator<string> {
  const utf8 = new TextDecoder();
  let begun: string[] = [];
  let begunLength = 0;
  let afterReturn = false;
  for await (const chunk of source) {
    let text = typeof chunk === "string" ? chunk : utf8.decode(chunk, { stream: true });
    if (text === "") continue;
    // A line that ended in the CR of the last chunk has ended: the LF in front of this one is part of that end.
    if (afterReturn && text.startsWith("\n")) text = text.slice(1);
    afterReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop() as string;
    for (const line of lines) {
      yield begun.length > 0 ? begun.join("") + line : line;
      begun = [];
      begunLength = 0;
    }
    begunLength += rest.length;
    if (begunLength > maxLength) throw tooLong();
    if (rest !== "") begun.push(rest);
  }
}

function tooLong(): RangeError {
  return new RangeError("an event is too long");
}

function fieldValue(line: string, from: number): string {
  return line.slice(line.charCodeAt(from) === 0x20 ? from + 1 : from);
}
