import assert from "node:assert/strict";
import { once } from "node:events";
import { statSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { takeLockFile } from "../../../src/adapters/file/directory/lock-file.ts";
import { ownDirectory } from "../../../src/adapters/file/directory/own-directory.ts";
import { identifySelf } from "../../../src/adapters/file/directory/process-identity.ts";
import { checkCounts, startWorker } from "./processes.ts";

const ROOT = await mkdtemp(join(tmpdir(), "actionport-processes-"));
after(() => rm(ROOT, { recursive: true }));

const clock = () => 0;

test("K1: a writer that is killed again and again on one store loses nothing that it told of", async () => {
  const directory = join(ROOT, "killed");
  let answered = 0;
  for (let round = 0; round < 8; round++) {
    const worker = startWorker(directory);
    assert.equal(await worker.first, "open");
    worker.process.stdout?.once("data", () => setTimeout(() => worker.process.kill("SIGKILL"), (round * 7) % 50));
    answered = await checkCounts(directory, Math.max(answered, await worker.finish()), `round ${round}`);
  }
  assert.ok(answered > 8, `only ${answered} commits were made`);
});

test("K9: a second handle in the same process is refused, through a symlink and a relative path as well", async () => {
  const directory = join(ROOT, "same-process");
  const store = await openFileStore({ directory, clock });
  await symlink(directory, join(ROOT, "link"));
  const refusal = { code: "store_in_use", message: `${directory} is in use by this process, which has it open already. Stop it, or use another directory.` };
  for (const path of [directory, join(ROOT, "link"), relative(process.cwd(), directory), `${directory}/../same-process`]) {
    await assert.rejects(openFileStore({ directory: path, clock }), refusal);
  }
  await store.close();
  await (await openFileStore({ directory, clock })).close();
});

test("K9: a second process is refused and told who the owner is; when that was killed, the next takes over", async () => {
  const directory = join(ROOT, "second-process");
  const owner = startWorker(directory, "hold");
  assert.equal(await owner.first, "open");
  const message = `${directory} is in use by process ${owner.process.pid}. Stop it, or use another directory.`;
  await assert.rejects(openFileStore({ directory, clock }), { code: "store_in_use", message });
  await assert.rejects(ownDirectory(directory, { abstractSocket: false }), { message }, "by the lock file alone");
  owner.process.kill("SIGKILL");
  await owner.finish();
  await (await openFileStore({ directory, clock })).close();
});

test("K9: where somebody has the directory who has not said so yet, it is waited for a moment", { skip: process.platform !== "linux" && "only Linux has abstract sockets" }, async () => {
  const directory = join(ROOT, "about-to-go");
  await mkdir(directory);
  const { dev, ino } = statSync(directory, { bigint: true });
  const other = createServer().listen(`\0actionport-store-${dev}:${ino}`);
  await once(other, "listening");
  const owning = ownDirectory(directory);
  setImmediate(() => other.close());
  await (await owning)();
});

test("K9: of twenty processes that start together after a kill exactly one takes over", async () => {
  const directory = join(ROOT, "race");
  const killed = startWorker(directory, "hold");
  await killed.first;
  killed.process.kill("SIGKILL");
  await killed.finish();
  const starters = Array.from({ length: 20 }, () => startWorker(directory, "hold"));
  const answers = await Promise.all(starters.map(({ first }) => first));
  assert.equal(answers.filter((answer) => answer === "open").length, 1, answers.join("\n"));
  assert.equal(answers.filter((answer) => answer.startsWith(`failed ${directory} is in use by `)).length, 19, answers.join("\n"));
  for (const starter of starters) starter.process.kill("SIGKILL");
  await Promise.all(starters.map((starter) => starter.finish()));
});

test("K9: by the lock file alone, a dead owner's lock is taken over by one of many, and a living one's by none", async () => {
  const directory = join(ROOT, "lock-file");
  await mkdir(directory);
  const self = identifySelf();
  const dead = { ...self, start_time: "1" };
  await writeFile(join(directory, "lock.7"), JSON.stringify({ owner: dead, directory: "here" }));
  const attempts = Array.from({ length: 20 }, () => takeLockFile(directory, "here"));
  assert.deepEqual(attempts.map(({ owner }) => owner), [null, ...Array.from({ length: 19 }, () => self)]);
  assert.deepEqual(await readdir(directory), ["lock.8"]);
});

test("K9: a lock of another start of the machine, of a number that was given anew, or that is not whole is nobody's", async () => {
  const self = identifySelf();
  const locks = {
    "another start": { owner: { ...self, boot_id: "another" }, directory: "here" },
    "number given anew": { owner: { ...self, start_time: "1" }, directory: "here" },
    "another container": { owner: { ...self, pid_namespace: "pid:[1]" }, directory: "here" },
    "copied from elsewhere": { owner: self, directory: "elsewhere" },
    "no such process": { owner: { ...self, pid: 2 ** 22 + 1 }, directory: "here" },
    "not whole": '{"owner":{',
  };
  for (const [name, content] of Object.entries(locks)) {
    const directory = await mkdtemp(join(ROOT, "stale-"));
    await writeFile(join(directory, "lock.1"), typeof content === "string" ? content : JSON.stringify(content));
    assert.equal(takeLockFile(directory, "here").owner, null, name);
  }
});

test("K9: a copy of a directory that is in use can be opened", async () => {
  const directory = join(ROOT, "original");
  const original = await openFileStore({ directory, clock });
  await original.commit([{ kind: "put", collection: "things", id: "one", basedOn: 0, value: { n: 1 } }]);
  await original.durable();
  await cp(directory, join(ROOT, "copy"), { recursive: true });
  const copy = await openFileStore({ directory: join(ROOT, "copy"), clock });
  assert.deepEqual((await copy.read("things", ["one"]))[0]?.value, { n: 1 });
  await copy.close();
  await original.close();
});
