import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/**
 * The next message of a process of ours, which is what its file says that it sends. Rejects when the channel closes first: a
 * process's exit may be noticed before its last message is, the closing of the channel never.
 */
export async function answerOf<Message>(child: ChildProcess): Promise<Message> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const gone = once(child, "disconnect", { signal }).then(() => Promise.reject(new Error(`a process ended without an answer: ${child.spawnargs.join(" ")}`)));
  gone.catch(() => undefined);
  try {
    const [message] = await Promise.race([once(child, "message", { signal }), gone]);
    return message;
  } finally {
    waiting.abort();
  }
}

/** Settles when the process has ended. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
