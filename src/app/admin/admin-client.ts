import { request } from "node:http";
import { Fault } from "../cli/fault.ts";
import type { ChannelAnswer } from "./channel-answer.ts";
import type { AdminAnswer } from "./command.ts";

/** Brings a command to the server that owns the directory; undefined when none listens there. */
export async function askRunningServer(socketPath: string, words: readonly string[], secret: string): Promise<AdminAnswer | undefined> {
  const text = await post(socketPath, JSON.stringify({ words, secret }));
  if (text === undefined) return undefined;
  const answer = parse(text);
  if (answer === undefined) throw new Fault("fault", "the server's answer was not understood; is it of another release?");
  if ("fault" in answer) throw new Fault(answer.ending, answer.fault);
  return answer.answer;
}

/** The socket can be opened by its owner alone, so what comes from it has the shape that this release gives it, or none. */
function parse(text: string): ChannelAnswer | undefined {
  try {
    const answer: ChannelAnswer = JSON.parse(text);
    return typeof answer === "object" && answer !== null && ("answer" in answer || "fault" in answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

const NOBODY_LISTENS: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR", "ECONNREFUSED", "ENOTSOCK", "EINVAL"]);

function post(socketPath: string, body: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), host: "localhost", connection: "close" };
    const sent = request({ socketPath, method: "POST", path: "/", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks).toString("utf8"))).on("error", reject);
    });
    sent.on("error", (error) => ("code" in error && NOBODY_LISTENS.has(error.code) ? resolve(undefined) : reject(error)));
    sent.end(body);
  });
}
