import { request } from "node:http";
import { isObject } from "../../domain/json.ts";
import { parseStrictJson } from "../../domain/strict-json.ts";
import { CommandError } from "./command.ts";

/** Brings a command to the server that owns the directory; undefined when none listens there. */
export async function askRunningServer(socketPath: string, words: readonly string[], secret: string): Promise<string | undefined> {
  const text = await post(socketPath, JSON.stringify({ words, secret }));
  if (text === undefined) return undefined;
  const answer = parseStrictJson(text);
  if (isObject(answer) && typeof answer["output"] === "string") return answer["output"];
  throw new CommandError(isObject(answer) && typeof answer["fault"] === "string" ? answer["fault"] : "the server's answer was not understood");
}

const NOBODY_LISTENS: ReadonlySet<unknown> = new Set(["ENOENT", "ECONNREFUSED", "ENOTSOCK", "EINVAL"]);

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
