import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { argumentsToRun } from "../../compiled.ts";
import { TICKETS } from "./fixture/application.ts";
import { APPLICATION, makeDirectory, serve, start, type, typeHere } from "./typing.ts";

const IN_PROCESS = ["--app", APPLICATION, "--can", "see_tickets,close_tickets,view_audit,view_workflows"];

test("Northwind is called without a server, and a module that serves when it is loaded is not", async () => {
  const [application = "", main = ""] = ["application", "main"].map((name) => argumentsToRun(`examples/northwind/${name}.ts`).at(-1));
  const called = await typeHere(["run", "orders/approve-order", "11008", "--reason", "An old customer.", "--app", application, "--can", "manage_orders"]);
  assert.deepEqual([called.code, called.out.split("\n")[0]], [0, "Order approved."], called.err);
  for (const words of [["list", "--app", main], ["serve", main]]) {
    const { code, err } = await type(words);
    assert.deepEqual([code, err.split("\n")[0]], [2, `${main} serves its application when it is loaded. Give the module that only exports the application, and import that in ${main}.`]);
  }
});

test("Against a server: each command answers, and its exit code says how it ended", async (context) => {
  const { variables, stop } = await serve(context);
  const as = (client: string, ...words: readonly string[]) => typeHere([...words, "--client", client], { variables: variables(client) });
  const [list, schema, done, again, wrong, forbidden, unknown, outside] = await Promise.all([
    as("agent", "list", "--json"),
    as("agent", "schema", "tickets/close-ticket"),
    as("agent", "run", "tickets/close-ticket", "1", "--note", "Solved.", "--tags", "a", "--tags", "b", "--urgent"),
    as("agent", "run", "tickets/close-ticket", "2", "--params", '{"note":"Paper."}').then(() => as("agent", "run", "tickets/close-ticket", "2", "--json")),
    as("agent", "run", "tickets/close-ticket", "3", "--priority", "9"),
    as("visitor", "run", "tickets/close-ticket", "3"),
    as("agent", "run", "tickets/close-tickets", "3"),
    typeHere(["list", "--url", "http://127.0.0.1:1", "--timeout", "0.2"], { variables: { ACTIONPORT_TOKEN: "x" } }),
  ]);
  assert.deepEqual(list.out.trim().split("\n").map((line) => JSON.parse(line).key), ["greetings/say-hello", "tickets/close-ticket", "tickets/wait-for-answer"]);
  assert.match(schema.out, /^tickets\/close-ticket {2}Close ticket\n\nNothing is left to do\.\n[^]*--priority {2}Whole number 1 to 5; may be left out\./);
  assert.deepEqual([done.code, done.err], [0, ""]);
  assert.match(done.out, /^Ticket closed\.\nid: 1\ntitle: Topic 1\nclosed: true\nnote: Solved\.\ntags: \["a","b"\]\npriority: 5\n$/);
  assert.deepEqual([again.code, again.err], [1, ""]);
  assert.deepEqual({ ...JSON.parse(again.out), request_id: "" }, { success: false, message: '"プリンター" is closed.', code: "already_closed", request_id: "" });
  assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  assert.match(wrong.err, /^priority .* \(invalid_params\)\n$/);
  assert.deepEqual([forbidden.code, forbidden.out], [3, ""]);
  assert.deepEqual([unknown.code, unknown.err], [2, `${variables("agent").ACTIONPORT_URL} has no action tickets/close-tickets. Did you mean tickets/close-ticket?\n`]);
  assert.deepEqual([outside.code, outside.out], [4, ""]);
  const trail = await as("admin", "audit", "--json", "--action", "tickets/close-ticket");
  assert.equal(trail.out.trim().split("\n").length, 4);
  assert.equal(await stop(), 0);
});

test("In process: the same commands on an application, for whoever is named, and the trail says by what", async (context) => {
  const data = join(makeDirectory(context), "data");
  const run = (...words: readonly string[]) => typeHere([...words, ...IN_PROCESS, "--as", "nancy"]);
  const kept = await run("run", "tickets/close-ticket", "7", "--data", data);
  assert.deepEqual([kept.code, kept.err], [0, ""]);
  const trail = await run("audit", "--json", "--data", data);
  assert.deepEqual([trail.code, JSON.parse(trail.out).via, JSON.parse(trail.out).identity.name], [0, "cli", "nancy"]);
  const started = await run("run", "tickets/wait-for-answer");
  assert.deepEqual([started.code, started.err], [0, "In memory: what this changes is gone when it ends. --data DIR keeps it.\n"]);
  const forgotten = await run("run", "tickets/close-ticket", "7");
  assert.deepEqual([forgotten.code, forgotten.err], [0, "In memory: what this changes is gone when it ends. --data DIR keeps it.\n"]);
  const preview = await run("preview", "tickets/close-ticket", "8", "--note", "x");
  assert.equal(preview.out, ["desk.Ticket 8 changed", "  - closed: false", "  + closed: true", "  - note: null", "  + note: x", "It would answer: Ticket closed.", ""].join("\n"));
});

test("An ID that no URL can bear is told how it is reached", async () => {
  const { code, err } = await typeHere(["run", "tickets/close-ticket", "..", ...IN_PROCESS]);
  assert.deepEqual([code, err], [2, '".." cannot stand in a URL. In a bulk call it can: echo .. | actionport bulk tickets/close-ticket --ids-file -\n']);
});

test("A bulk call that is cut off is continued by the same command: each subject is done once", async (context) => {
  const { variables } = await serve(context);
  const around = { variables: variables("agent") };
  const file = join(makeDirectory(context), "ids.txt");
  writeFileSync(file, Array.from({ length: TICKETS }, (_, at) => `${at + 1}\n`).join("\n"));
  const words = ["bulk", "tickets/close-ticket", "--ids-file", file, "--note", "all", "--client", "agent"];
  const child = start(words, around);
  let err = "";
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close");
  if (child.stdout !== null) await once(createInterface({ input: child.stdout }), "line");
  child.kill("SIGINT");
  assert.deepEqual(await ended, [130, null]);
  assert.match(err, /^Cut off after \d+ of 300\. The same command goes on with it: what was done is not done again\.\n$/);
  const { code, out, err: told } = await typeHere(words, around);
  assert.match(told, /^Going on with the call of .* that was cut off; --new begins again\.\n$/);
  const lines = out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([code, lines.at(-1)], [0, { outcome: "success", message: "300 of 300 succeeded.", total: 300, succeeded: 300, failed: 0, skipped: 0 }]);
  assert.equal(new Set(lines.slice(0, -1).map(({ index }) => index)).size, TICKETS);
  const trail = await typeHere(["audit", "--all", "--json", "--client", "admin"], around);
  assert.equal(trail.out.trim().split("\n").length, TICKETS);
  const third = await typeHere(words, around);
  assert.deepEqual([third.code, third.err], [1, ""]);
});

test("A bulk call that was typed wrong is not said to be cut off, and nothing is kept of it", async (context) => {
  const { variables } = await serve(context);
  const state = makeDirectory(context);
  const around = { variables: { ...variables("agent"), XDG_STATE_HOME: state }, stdin: "1\n1\n" };
  const { code, err } = await typeHere(["bulk", "tickets/close-ticket", "--ids-file", "-", "--client", "agent"], around);
  assert.deepEqual([code, err], [2, "ids must not name the subject 1 twice. (invalid_params)\n"]);
  assert.deepEqual(readdirSync(join(state, "actionport", "bulk")), []);
});

test("An answer that cannot be written is a fault, and not taken for a refusal", { skip: existsSync("/dev/full") ? false : "there is no device here that is always full" }, async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [...argumentsToRun("src/app/cli/main.ts"), "list", ...IN_PROCESS], { stdio: ["ignore", full, "pipe"] });
  let err = "";
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  assert.deepEqual(await once(child, "close"), [6, null]);
  closeSync(full);
  assert.match(err, /^In memory: [^\n]*\nThe answer could not be written: ENOSPC[^\n]*\n$|^The answer could not be written: ENOSPC[^\n]*\n$/);
});

test("Subjects that are looked up can be handed on, and a part that fails is exit code 5", async () => {
  const found = await typeHere(["subjects", "desk.Ticket", "--q", "topic 1", "--limit", "3", "--json", ...IN_PROCESS]);
  assert.deepEqual([found.code, found.err], [0, "There is more: --after 100, or --all.\n"]);
  const { code, out } = await type(["bulk", "tickets/close-ticket", "--ids-file", "-", ...IN_PROCESS], { stdin: `${found.out}\n999\n` });
  assert.equal(code, 5);
  assert.match(out, /\{"outcome":"partial","message":"3 of 4 succeeded\.","total":4,"succeeded":3,"failed":1,"skipped":0\}\n$/);
});

test("A workflow is followed until its signal comes, and the trail until Ctrl-C", async (context) => {
  const { variables } = await serve(context);
  const around = { variables: variables("agent") };
  const follower = start(["audit", "--follow", "--json", "--client", "admin"], around);
  const entry = follower.stdout === null ? undefined : once(createInterface({ input: follower.stdout }), "line");
  const followed = once(follower, "close");
  const started = await typeHere(["run", "tickets/wait-for-answer", "--json", "--client", "agent"], around);
  const { workflow_id: id } = JSON.parse(started.out);
  const following = typeHere(["workflow", id, "--follow", "--json", "--client", "agent"], around);
  const signalled = await typeHere(["workflow", "signal", id, "answered", "--value", '{"by":"nancy"}', "--client", "agent"], around);
  assert.equal(signalled.code, 0, signalled.err);
  const { code, out } = await following;
  assert.deepEqual([code, JSON.parse(out.trim().split("\n").at(-1) ?? "").result], [0, "answered by nancy"]);
  await typeHere(["run", "tickets/close-ticket", "5", "--client", "agent"], around);
  const [line]: unknown[] = (await entry) ?? [];
  assert.match(String(line), /^\{"id":/);
  follower.kill("SIGINT");
  assert.deepEqual(await followed, [130, null]);
});

test("Who has read enough may go: nothing is said of it", async () => {
  const child = start(["openapi", ...IN_PROCESS]);
  let err = "";
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdout?.once("data", () => child.stdout?.destroy());
  assert.deepEqual([await once(child, "close"), err], [[0, null], ""]);
});
