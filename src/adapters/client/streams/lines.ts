import { CallFailure, strangeAnswer } from "../failure.ts";
import type { Ports } from "../options.ts";

/** A stream on which nothing comes for so long is dead: events have a sign of life every 15 s. */
const SILENCE_MS = 60_000;

/** The whole text of an answer, of at most `maxAnswerBytes`. */
export async function readText(response: Response, ports: Ports): Promise<string> {
  let text = "";
  for await (const piece of readPieces(response, ports, true, true)) text += piece;
  return text;
}

/** The lines of an answer as they come, and never a part of one; each of `maxAnswerBytes` or hardly more. `silent`: it may say nothing for however long. */
export async function* readLines(response: Response, ports: Ports, silent: boolean): AsyncGenerator<string, void, void> {
  let rest = "";
  for await (const piece of readPieces(response, ports, silent)) {
    const lines = piece.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Its text as it comes. What is not whole may have so many bytes without an end of a line. */
async function* readPieces({ body, status }: Response, { timer, clock, maxAnswerBytes }: Ports, silent: boolean, whole = false): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let size = 0;
  try {
    while (reader) {
      const stop = silent ? () => {} : timer(clock() + SILENCE_MS, () => void reader.cancel(new CallFailure("network", "Nothing came any more.")).catch(() => {}));
      const { done, value } = await reader.read().finally(stop);
      if (done) return;
      const piece = decoder.decode(value, { stream: true });
      size = whole || !piece.includes("\n") ? size + value.length : 0;
      if (size > maxAnswerBytes) throw strangeAnswer({ status }, `exceeds maxAnswerBytes, ${maxAnswerBytes}`);
      yield piece;
    }
  } finally {
    void reader?.cancel().catch(() => {});
  }
}

/** An event of a stream (HTML, section 9.2.6). */
export interface StreamEvent {
  /** The last one that came. */
  readonly id: string | undefined;
  /** Empty: there is none. */
  readonly data: string;
}

/** The events among lines, each with one line of data as this API writes them, or with none: a sign of life, which may have an ID. */
export async function* readEvents(lines: AsyncIterable<string>): AsyncGenerator<StreamEvent, void, void> {
  let data = "";
  let id: string | undefined;
  for await (const line of lines) {
    const [, field = "", value = ""] = /^([^:\r]*):? ?([^\r]*)\r?$/.exec(line) ?? [];
    if (field === "data") data = value;
    if (field === "id") id = value;
    if (field || value) continue;
    yield { id, data };
    data = "";
  }
}
