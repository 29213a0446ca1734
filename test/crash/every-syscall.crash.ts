import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { checkCounts, compiledPath, startWorker } from "../adapters/file/processes.ts";

/*
 * A short workload of a real process, once for every system call that changes the disk: killed at
 * it, or told that it failed. strace does both. One thread for files, as strace counts by thread.
 */

const ROOT = await mkdtemp(join(tmpdir(), "actionport-syscalls-"));
after(() => rm(ROOT, { recursive: true }));

/** Enough for the log to be replaced by a snapshot. */
const COUNTS = "36";
const ENVIRONMENT = { UV_THREADPOOL_SIZE: "1" };

/** As many as the machine has processors, on the machines that this runs on. */
const AT_A_TIME = 2;

for (const [program, package_] of [["strace", "strace"], ["unshare", "util-linux"]] as const) {
  if (spawnSync(program, ["-V"]).error !== undefined) throw new Error(`${program} is missing, and without it this shows nothing; install it, for example with \`apt-get install ${package_}\``);
}

for (const call of ["pwrite64", "fdatasync", "fsync", "rename", "unlink", "mkdir", "link"] as const) {
  test(`K2: killed at any ${call}, the process leaves a store that opens by itself with all that was told`, async () => {
    await everyPlace(call, async (nth) => {
      const directory = join(ROOT, `kill-${call}-${nth}`);
      const answered = await runWith(directory, call, [`${call}:signal=SIGKILL:when=${nth}`]);
      await checkCounts(directory, answered, `killed at ${call} ${nth}`);
    });
  });
}

const FAILURES = [["K3", "fdatasync", "EIO"], ["K3", "fsync", "EIO"], ["K4", "pwrite64", "ENOSPC"], ["K4", "rename", "EIO"], ["K4", "unlink", "EIO"]] as const;
for (const [row, call, error] of FAILURES) {
  test(`${row}: when any ${call} fails with ${error}, nothing that was told is lost`, async () => {
    await everyPlace(call, async (nth) => {
      const directory = join(ROOT, `fail-${call}-${error}-${nth}`);
      const answered = await runWith(directory, call, [`${call}:error=${error}:when=${nth}`]);
      await checkCounts(directory, answered, `${call} ${nth} failed`);
    });
  });
}

for (const fate of ["signal=SIGKILL", "error=EIO"]) {
  test(`K4: when a failed write cannot be taken back (ftruncate: ${fate}), nothing that was told is lost`, async () => {
    await everyPlace("pwrite64", async (nth) => {
      const directory = join(ROOT, `take-back-${fate}-${nth}`);
      const answered = await runWith(directory, "pwrite64,ftruncate", [`pwrite64:error=ENOSPC:when=${nth}`, `ftruncate:${fate}`]);
      await checkCounts(directory, answered, `pwrite64 ${nth} failed, and ftruncate`);
    });
  });
}

test("K4: where a file may not grow beyond a limit, what was told is there", async () => {
  for (const [kilobytes, script] of [1, 2, 3].map((limit) => [limit, `ulimit -f ${2 * limit}; exec "$0" "$@"`] as const)) {
    const directory = join(ROOT, `limit-${kilobytes}`);
    const answered = await startWorker(directory, COUNTS, ["sh", "-c", script]).finish();
    await checkCounts(directory, answered, `files of at most ${kilobytes} KiB`);
  }
});

test("K4: a store on a file system that is really full refuses, and goes on when there is room", async () => {
  const mountPoint = join(ROOT, "full");
  await mkdir(mountPoint);
  const script = 'mount -t tmpfs -o size=96k tmpfs "$1" && exec "$2" "$3" "$1"';
  const run = promisify(execFile)("unshare", ["-m", "sh", "-c", script, "sh", mountPoint, process.execPath, compiledPath("test/crash/full-disk.ts")]);
  assert.equal((await run).stdout, "ok\n", "mounting needs root");
});

/** Runs a workload with system calls disturbed; answers the last count that it told of. */
async function runWith(directory: string, calls: string, injections: readonly string[]): Promise<number> {
  const options = injections.flatMap((injection) => ["-e", `inject=${injection}`]);
  return startWorker(directory, COUNTS, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${calls}`, ...options], ENVIRONMENT).finish();
}

/** For every place, counting from 1, at which the undisturbed workload makes the call; and for one more, which is never reached. */
async function everyPlace(call: string, disturb: (nth: number) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(ROOT, `count-${call}-`));
  const log = `${directory}.strace`;
  await startWorker(join(directory, "store"), COUNTS, ["strace", "-f", "-qq", "-o", log, "-e", `trace=${call}`], ENVIRONMENT).finish();
  const count = (await readFile(log, "utf8")).split("\n").filter((line) => line.includes(`${call}(`)).length;
  assert.ok(count > 0, `the workload never calls ${call}`);
  const places = Array.from({ length: count + 1 }, (_, n) => n + 1);
  const work = async () => {
    for (let nth = places.shift(); nth !== undefined; nth = places.shift()) await disturb(nth);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}
