import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { APPLICATION, makeDirectory, typeHere } from "./typing.ts";

/** What a client of another repository does with the types: all of it right, but for the lines that have to be refused. */
const USE = `import { createClient } from "actionport/client";
import type { Api } from "./api.ts";

const client = createClient<Api>({ baseUrl: "https://desk.example", auth: "token" });

export async function use(): Promise<readonly unknown[]> {
  const { message } = await client.execute("greetings/say-hello", { name: "you" });
  const closed = await client.execute("tickets/close-ticket", 7, { tags: ["a"], urgent: true });
  const { workflow_id } = await client.execute("tickets/wait-for-answer");
  // @ts-expect-error there is no such action
  await client.execute("tickets/close", 7);
  // @ts-expect-error the name is missing
  await client.execute("greetings/say-hello", {});
  // @ts-expect-error a priority is a number
  await client.execute("tickets/close-ticket", 7, { priority: "high" });
  try {
    await client.bulk("tickets/close-ticket", [1, 2]);
  } catch (error) {
    if (client.isFailure(error, "tickets/close-ticket") && error.code === "already_closed") return [error.message];
  }
  return [message satisfies string, closed.data.id, workflow_id satisfies string];
}
`;

test("The types that are written are those of a typed client", async (context) => {
  const directory = makeDirectory(context);
  const { code, out, err } = await typeHere(["types", "--app", APPLICATION, "--can", "*"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^\/\/ Written by "actionport types" from what \S+ says of itself\./);
  writeFileSync(join(directory, "api.ts"), out);
  writeFileSync(join(directory, "use.ts"), USE);
  const compilerOptions = { typeRoots: [resolve("node_modules/@types")], paths: { "actionport/client": [resolve("src/adapters/client/index.ts")] } };
  writeFileSync(join(directory, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions, include: ["*.ts"] }));
  await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", directory]).catch((error: { readonly stdout: string }) => assert.fail(error.stdout));
});
