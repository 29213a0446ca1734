import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packFreshClone } from "../package/pack.ts";
import { readBlocks } from "../readme-blocks.ts";
import { Newcomer } from "./newcomer.ts";
import { ACTION, ACTION_TEST, CLIENT } from "./own-files.ts";

/** As the documentation has them. */
const [BACK_UP = "", RESTORE = ""] = readBlocks("docs/backup-and-restore.md").filter(({ language }) => language === "sh").map(({ text }) => text);
/** So many subjects for the bulk call that its progress is seen. */
const TASKS = 3_000;

test("A newcomer comes in ten commands from an empty directory to an own action that is tested, served, called by all means, read in the trail, backed up and restored", async (context) => {
  const directory = mkdtempSync(join(tmpdir(), "actionport-newcomer-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  packFreshClone(join(directory, "actionport.tgz"));
  mkdirSync(join(directory, "work"));
  const newcomer = new Newcomer(join(directory, "work"), join(directory, "home"));
  context.after(() => newcomer.interrupt());

  newcomer.type("npx --yes --package=../actionport.tgz -- actionport new shop --package file:../../actionport.tgz");
  newcomer.enter("shop");
  assert.match(newcomer.type("npm install --no-audit --no-fund && npm test"), /pass 2/);

  assert.ok(ACTION.trimEnd().split("\n").length <= 15);
  newcomer.write("src/rate-task.ts", ACTION);
  newcomer.write("test/rate-task.test.ts", ACTION_TEST);
  newcomer.write("src/client.ts", CLIENT);
  newcomer.edit("src/app.ts", 'import { Task } from "./task.ts";', 'import { rateTask } from "./rate-task.ts";\nimport { Task } from "./task.ts";');
  newcomer.edit("src/app.ts", "actions: [completeTask]", "actions: [completeTask, rateTask]");
  newcomer.edit("src/app.ts", '{ id: 3, title: "Test it", done_at: null, note: null },', `...Array.from({ length: ${TASKS - 2} }, (_, at) => ({ id: at + 3, title: "Task", done_at: null, note: null })),`);
  newcomer.write("ids.txt", Array.from({ length: TASKS }, (_, at) => `${at + 1}\n`).join(""));

  assert.match(newcomer.type("npm run typecheck && npm test"), /pass 3/);

  const { url, printed } = await newcomer.serve("npm start");
  const [token = "", curl = ""] = printed.match(/^ {2}(?:TOKEN=|curl ).*$/gm) ?? [];
  assert.match(newcomer.type(`${token}\n${curl}`), /"success":true,"message":"Task completed\."/);
  assert.equal(newcomer.type("node --import tsx src/client.ts"), "Task rated. Write an action of your own *****\n");
  const bulk = newcomer.typeOnTerminal("npx actionport bulk tasks/rate-task --ids-file ids.txt --stars 4 --client desk");
  assert.match(bulk, new RegExp(`% +\\d+ of ${TASKS}`));
  assert.match(bulk, new RegExp(`${TASKS} of ${TASKS} succeeded`));
  const trail = newcomer.type("npx actionport audit --client admin --json");
  assert.match(trail, /tasks\/rate-task/);

  assert.match(newcomer.type(BACK_UP), /Copied to .*records and .*entries/);
  await newcomer.interrupt();
  assert.equal((await newcomer.serve(RESTORE)).url, url);
  assert.equal(newcomer.look("npx actionport audit --client admin --json"), trail);
  await newcomer.interrupt();

  assert.equal(newcomer.typed.length, 10);
  for (const { command, seconds } of newcomer.typed) context.diagnostic(`${seconds.toFixed(1).padStart(5)} s  ${command.trim().replaceAll(/\s+/g, " ").slice(0, 120)}`);
  context.diagnostic(`${newcomer.typed.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1).padStart(5)} s  in all`);
});
