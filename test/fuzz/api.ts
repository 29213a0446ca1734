import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { startServer } from "../../src/adapters/node-http/index.ts";
import { checkAgreement, type Agreements } from "./agreement.ts";
import { callsOf } from "./api-calls.ts";
import { createCheck, type CheckAnswer } from "./contract.ts";
import { describeFault, inProcess, inTime, overSocket, type Answer, type Call, type Transport } from "./transports.ts";
import { createReferee, type Referee } from "./referee.ts";
import { fetchSchemas } from "./served-schemas.ts";
import { settings } from "./settings.ts";
import type { World, WorldMaker } from "./worlds.ts";

/** So many calls share a world, so that some find what others have left: keys, runs, changed subjects. */
const CALLS_A_WORLD = 20;

/** How a world is reached, and how many of all calls go that way. */
interface Way {
  readonly name: string;
  readonly share: number;
  open(world: World): Promise<{ readonly send: Transport; close(): Promise<void> }>;
}

const IN_PROCESS: Way = { name: "in process", share: 0.94, open: async ({ handler }) => ({ send: inProcess(handler), close: async () => undefined }) };

const OVER_SOCKETS: Way = {
  name: "over sockets",
  share: 0.06,
  async open({ handler }) {
    const server = await startServer({ port: 0, createHandler: () => handler });
    return { send: overSocket(server.port), close: () => server.close() };
  },
};

/** What every call is held to. */
interface Judges {
  readonly check: CheckAnswer;
  readonly referee: Referee;
  readonly seen: Agreements;
}

/** Tests that calls by chance, `share` of all, are answered as the documents say. */
export function fuzzApi(maker: WorldMaker, share: number): void {
  const seen: Agreements = { admitted: 0, excluded: 0 };
  for (const way of [IN_PROCESS, OVER_SOCKETS]) {
    test(`${maker.name}, ${way.name}: every call is answered in time and as documented, and what a schema admits is what passes`, async (context) => {
      const actions = await fetchSchemas(maker);
      const judges = { check: createCheck(actions), referee: createReferee(actions), seen };
      const calls = Math.ceil(settings.calls * share * way.share);
      context.diagnostic(`FUZZ_SEED=${settings.seed}, ${calls} calls`);
      const few = fc.array(callsOf(maker, actions), { minLength: CALLS_A_WORLD, maxLength: CALLS_A_WORLD, size: "max" });
      const property = fc.asyncProperty(few, (made) => callAll(maker, way, judges, made));
      await fc.assert(property, { seed: settings.seed, numRuns: Math.ceil(calls / CALLS_A_WORLD), interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true });
    });
  }
  after(() => {
    const all = settings.calls * share;
    assert.ok(Math.min(seen.admitted, seen.excluded) > all / 50, `parameters passed ${seen.admitted} times and were refused ${seen.excluded} times: the values are too one-sided`);
  });
}

async function callAll(maker: WorldMaker, way: Way, judges: Judges, calls: readonly Call[]): Promise<void> {
  const world = await maker.open();
  const { send, close } = await way.open(world);
  const known = { run: "unknown", next: "unknown" };
  try {
    for (const call of calls) {
      const made = { ...call, target: call.target.replace("{run}", known.run).replace("{next}", known.next) };
      const answer = await inTime(send, made);
      judge(made, answer, world, judges);
      learn(known, answer);
    }
  } finally {
    await close();
    await world.close();
  }
}

function judge(call: Call, answer: Answer, { failures }: World, { check, referee, seen }: Judges): void {
  try {
    assert.deepEqual(failures, []);
    assert.ok(answer.status !== 500 && answer.status !== 503, `status ${answer.status}`);
    check(call, answer);
    checkAgreement(call, answer, referee, seen);
  } catch (error) {
    throw describeFault(call, answer, error);
  }
}

/** What later calls may ask for. */
function learn(known: { run: string; next: string }, { status, text }: Answer): void {
  if (status !== 200) return;
  known.run = /"workflow_id":"([^"]+)"/.exec(text)?.[1] ?? known.run;
  known.next = /"next":"([^"]+)"/.exec(text)?.[1] ?? known.next;
}
