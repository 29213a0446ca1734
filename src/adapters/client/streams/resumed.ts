import { CallFailure } from "../failure.ts";
import type { CallOptions } from "../options.ts";
import { Deadline } from "../sending/deadline.ts";
import type { Call, Sender } from "../sending/sender.ts";
import { Tries } from "../sending/tries.ts";
import { readLines } from "./lines.ts";

/** A stream that is asked for again when it breaks. */
export interface Resumable<T> {
  /** The call of the next try, which knows what has come so far. */
  call(): Call;
  /** What the lines of one try bring; answers whether that was the end. */
  read(lines: AsyncIterable<string>): AsyncGenerator<T, boolean, void>;
  /** May nothing come for however long? */
  readonly silent: boolean;
}

/** All that the tries bring, until one of them has come to its end. */
export async function* resumed<T>(sender: Sender, options: CallOptions, { call, read, silent }: Resumable<T>): AsyncGenerator<T, void, void> {
  const deadline = new Deadline(sender.ports, options, Infinity);
  const tries = new Tries(sender.ports, deadline);
  try {
    for (;;) {
      const asked = call();
      // What listens to a signal of all tries would grow with them.
      const attempt = new Deadline(sender.ports, deadline, Infinity);
      try {
        const response = await sender.open(asked, attempt);
        const lines = readLines(response, sender.ports, silent);
        const values = read(silent ? lines : eachResetting(lines, tries));
        for (;;) {
          const { done, value } = await values.next();
          if (done) {
            if (value) return;
            throw new CallFailure("network", "The stream was cut.");
          }
          tries.reset();
          yield value;
        }
      } catch (error) {
        await tries.next(error, asked.repeatable, asked.action);
      } finally {
        attempt.end();
      }
    }
  } finally {
    deadline.end();
  }
}

/** A sign of life, which is a comment, says that the server is well; a line of the page that a proxy puts in its place does not. */
async function* eachResetting(lines: AsyncIterable<string>, tries: Tries): AsyncGenerator<string, void, void> {
  for await (const line of lines) {
    if (line[0] === ":") tries.reset();
    yield line;
  }
}
