import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";

/** A message for a customer. */
export interface Message {
  /** The same for the same message, however often it is handed over. */
  readonly key: string;
  /** The order's ID. */
  readonly order: number;
  /** The customer's ID. */
  readonly customer: string;
  readonly text: string;
  /** RFC 3339 in UTC. */
  readonly at: string;
}

/** Takes a message on its way. Handed over again under the same key, it goes out once. */
export type Outbox = (message: Message) => void | Promise<void>;

/** Messages as lines of JSON in a file, which stands for what a mail server would be told. Safe on the disk when it answers. */
export function openOutbox(path: string): Outbox {
  let sent: Set<string> | undefined;
  return (message) => {
    const file = openSync(path, "a", 0o600);
    try {
      sent ??= readKeys(path, file);
      if (sent.has(message.key)) return;
      writeSync(file, `${JSON.stringify(message)}\n`);
      fdatasyncSync(file);
      sent.add(message.key);
    } finally {
      closeSync(file);
    }
  };
}

/** The keys of the lines that are there; half a line, which a crash has left, is cut off. */
function readKeys(path: string, file: number): Set<string> {
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const length = Buffer.byteLength(whole);
  if (length < fstatSync(file).size) ftruncateSync(file, length);
  const lines = whole.split("\n").filter((line) => line !== "");
  return new Set(lines.map((line) => String(Object(JSON.parse(line)).key)));
}
