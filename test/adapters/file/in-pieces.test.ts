import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { crc32c } from "../../../src/adapters/file/disk/crc32c.ts";
import { inPieces, inUrgentPieces } from "../../../src/adapters/file/disk/in-pieces.ts";
import { joinChecksums } from "../../../src/adapters/file/disk/joined-checksums.ts";
import { pause } from "../../../src/adapters/file/disk/pause.ts";

/** Counts the turns of the event loop as they come, until it is told to stop. */
function countTurns() {
  const turns = { count: 0, stop: false };
  const turn = (): void => {
    turns.count++;
    if (!turns.stop) setImmediate(turn);
  };
  setImmediate(turn);
  return turns;
}

test("Of all who let others go first one goes on in each turn of the event loop, in the order in which they came", async () => {
  const turns = countTurns();
  const log: (readonly [string, number])[] = [];
  const work = async (name: string): Promise<void> => {
    for (let piece = 0; piece < 3; piece++) {
      await pause();
      log.push([name, turns.count]);
    }
  };
  await Promise.all(["a", "b", "c"].map(work));
  turns.stop = true;
  assert.deepEqual(log.map(([name]) => name), ["a", "b", "c", "a", "b", "c", "a", "b", "c"]);
  assert.equal(new Set(log.map(([, turn]) => turn)).size, log.length, "each in a turn of its own");
});

test("A work that everybody waits for goes before all others", async () => {
  const log: string[] = [];
  const waiting = Array.from({ length: 5 }, (_, n) => inPieces([n], () => log.push(`piece ${n}`)));
  await Promise.all([...waiting, inUrgentPieces([0], () => log.push("urgent"))]);
  assert.deepEqual(log, ["urgent", "piece 0", "piece 1", "piece 2", "piece 3", "piece 4"]);
});

test("The checksums of two stretches make that of both, whatever their lengths", () => {
  for (const [one, two] of [[0, 0], [0, 5], [10, 0], [1, 1], [7, 1000], [100, 123_457]] as const) {
    const [first, second] = [randomBytes(one), randomBytes(two)];
    const seed = randomBytes(4).readUInt32LE();
    const before = crc32c(first, 0, one, seed);
    assert.equal(joinChecksums(before, crc32c(second), two), crc32c(second, 0, two, before), `${one} and ${two} bytes`);
  }
});
