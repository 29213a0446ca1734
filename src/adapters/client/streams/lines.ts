import { CallFailure } from "../failure.ts";
import type { Ports } from "../options.ts";

/** A stream on which nothing comes for so long is dead: events have a sign of life every 15 s. */
const SILENCE_MS = 60_000;

/** The lines of an answer as they come, and never a part of one. `silent`: it may say nothing for however long. */
export async function* readLines({ body }: Response, { timer, clock }: Ports, silent: boolean): AsyncGenerator<string, void, void> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const stop = silent ? () => {} : timer(clock() + SILENCE_MS, () => void reader.cancel(new CallFailure("network", "Nothing came any more.")).catch(() => {}));
      const { done, value } = await reader.read().finally(stop);
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** An event of a stream (HTML, section 9.2.6). */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** The events among lines; comments are none. */
export async function* readEvents(lines: AsyncIterable<string>): AsyncGenerator<StreamEvent, void, void> {
  let data: string[] = [];
  let id: string | undefined;
  for await (const line of lines) {
    const [, field = "", value = ""] = /^([^:]*):? ?([^\r]*)\r?$/.exec(line) ?? [];
    if (field === "data") data.push(value);
    if (field === "id") id = value;
    if (field !== "" || value !== "" || data.length === 0) continue;
    yield { id, data: data.join("\n") };
    data = [];
  }
}
