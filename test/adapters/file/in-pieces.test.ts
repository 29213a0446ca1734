import assert from "node:assert/strict";
import { test } from "node:test";
import { inPieces, inUrgentPieces } from "../../../src/adapters/file/disk/in-pieces.ts";
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
  const waiting = Array.from({ length: 5 }, (_, n) => inPieces([n], () => void log.push(`piece ${n}`)));
  await Promise.all([...waiting, inUrgentPieces([0], () => void log.push("urgent"))]);
  assert.deepEqual(log, ["urgent", "piece 0", "piece 1", "piece 2", "piece 3", "piece 4"]);
});
