import assert from "node:assert/strict";
import { ACTION_NAMES, amend, answerWith, createAmendment, createOrder, subjectId } from "../job/order.ts";
import { FLOOR } from "./servers.ts";
import type { Target } from "./target.ts";
import { WIRES } from "./wire.ts";
import type { Call } from "./wire.ts";

/** An answer as it came. */
interface Came {
  readonly status: number;
  readonly answer: unknown;
}

const GOOD = createAmendment(1);
const [LINE] = GOOD.lines;

/** Each must be refused. */
const WRONG: readonly unknown[] = [
  { ...GOOD, reason: undefined },
  { ...GOOD, reason: "x".repeat(501) },
  { ...GOOD, priority: "urgent" },
  { ...GOOD, discount: 1.5 },
  { ...GOOD, notify: "true" },
  { ...GOOD, lines: [] },
  { ...GOOD, lines: [{ ...LINE, quantity: 0 }] },
  { ...GOOD, lines: [{ ...LINE, quantity: "3" }] },
  { ...GOOD, lines: [{ ...LINE, quantity: 1.5 }] },
  { ...GOOD, lines: [{ ...LINE, colour: "red" }] },
  { ...GOOD, surprise: 1 },
  [],
];

/** Rejects, with what is wrong, unless the server does the whole job. The floor is only asked for an answer. */
export async function checkServer(name: string, target: Target): Promise<void> {
  try {
    if (name === FLOOR) assert.equal((await send(target, callOf(0), target.tokens[0])).status, 200);
    else await checkJob(target);
  } catch (cause) {
    throw new Error(`${name} does not do the job`, { cause });
  }
}

async function checkJob(target: Target): Promise<void> {
  await checkAnswers(target);
  await checkTokens(target);
  for (const amendment of WRONG) {
    const { status } = await send(target, { ...callOf(1), amendment }, target.tokens[1]);
    assert.ok(status === 400 || status === 422, `${status} for ${JSON.stringify(amendment)}`);
  }
  assert.equal((await send(target, { ...callOf(2), id: 1 }, target.tokens[2])).status, 404);
  assert.deepEqual((await send(target, callOf(1), target.tokens[1])).answer, expected(1, 2), "a refused call changed the subject");
}

/** Every action answers, and the subject was changed by it: the next one finds what it left. */
async function checkAnswers(target: Target): Promise<void> {
  for (const index of ACTION_NAMES.keys()) {
    const came = await send(target, callOf(index), target.tokens[index]);
    assert.deepEqual(came, { status: 200, answer: expected(index, 1) });
  }
  const again = await send(target, callOf(0), target.tokens[0]);
  assert.deepEqual(again.answer, expected(0, 2));
}

async function checkTokens(target: Target): Promise<void> {
  const [good = ""] = target.tokens;
  const at = good.length - 20;
  const forged = good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1);
  assert.equal((await send(target, callOf(1))).status, 401);
  assert.equal((await send(target, callOf(1), forged)).status, 401);
  assert.equal((await send(target, callOf(1), target.powerless)).status, 403);
}

function callOf(index: number): Call {
  return { action: ACTION_NAMES[index] ?? "", id: subjectId(index), amendment: createAmendment(index) };
}

/** What a call answers that is the subject's so many-th; the time is anybody's. */
function expected(index: number, revision: number): unknown {
  const order = { ...createOrder(subjectId(index)), revision: revision - 1 };
  return answerWith(amend(order, createAmendment(index), "now"));
}

async function send({ port, wire }: Target, call: Call, token?: string): Promise<Came> {
  const response = await fetch(`http://127.0.0.1:${port}${WIRES[wire].toPath(call)}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(WIRES[wire].toBody(call)),
  });
  const text = await response.text();
  return { status: response.status, answer: response.status === 200 ? withoutTime(WIRES[wire].toAnswer(JSON.parse(text))) : text };
}

function withoutTime(answer: unknown): unknown {
  const { data } = Object(answer);
  assert.ok(Date.parse(Object(data).amended_at) > 0, "amended_at is no time");
  return { ...Object(answer), data: { ...Object(data), amended_at: "now" } };
}
