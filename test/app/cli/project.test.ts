import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { makeDirectory, type, typeHere } from "./typing.ts";

test("A new project compiles against the package as it is, and its scripts are those that its README names", async (context) => {
  const directory = join(makeDirectory(context), "order-desk");
  const { code, out, err } = await type(["new", directory, "--package", "file:../actionport.tgz"]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^There are \d+ files in .*order-desk\. Next:\n {2}cd .*order-desk\n {2}npm install && npm test\n {2}npm start\n$/);
  const { name, scripts, dependencies }: { name: string; scripts: Record<string, string>; dependencies: Record<string, string> } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  assert.deepEqual([name, Object.keys(scripts), dependencies], ["order-desk", ["start", "test", "typecheck"], { actionport: "file:../actionport.tgz" }]);
  const readme = readFileSync(join(directory, "README.md"), "utf8");
  assert.doesNotMatch(readme, /PROJECT/);
  assert.match(readme, /\.data\/order-desk\/credentials\.json/);
  assert.ok(existsSync(join(directory, ".gitignore")));
  await compile(directory);
});

/** With the sources in the place of the package that npm would install. */
async function compile(directory: string): Promise<void> {
  const source = (path: string) => [resolve("src", path)];
  const compilerOptions = {
    typeRoots: [resolve("node_modules/@types")],
    paths: { actionport: source("domain/index.ts"), "actionport/app": source("app/index.ts"), "actionport/testing": source("app/testing/index.ts") },
  };
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(resolve("node_modules/@types"), join(directory, "node_modules/@types"));
  writeFileSync(join(directory, "tsconfig.check.json"), JSON.stringify({ extends: "./tsconfig.json", compilerOptions, include: ["src", "test"] }));
  await promisify(execFile)(process.execPath, ["node_modules/typescript/bin/tsc", "-p", join(directory, "tsconfig.check.json")]).catch((error: { readonly stdout: string }) => assert.fail(error.stdout));
}

test("A directory that has something in it is left alone", async (context) => {
  const file = join(makeDirectory(context), "file");
  writeFileSync(file, "");
  const inFile = await typeHere(["new", file]);
  assert.deepEqual([inFile.code, inFile.err], [2, `${file} is no directory; give a new one.\n`]);
  const directory = makeDirectory(context);
  writeFileSync(join(directory, "mine.txt"), "mine");
  const { code, out, err } = await type(["new", directory]);
  assert.deepEqual([code, out, err], [2, "", `${directory} is not empty; give a new directory.\n`]);
});
