import type { Delivery, JsonObject, Workflow } from "../../../index.ts";
import type { RunState } from "./run-state.ts";

/** A change of a run from outside; a delivery when it is refused. The same state: nothing is to be changed. */
export type Edit = (state: RunState) => RunState | Delivery;

const MAX_INBOX = 100;

/** Notes the wish to cancel. */
export function cancel(state: RunState): RunState {
  return state.cancelled === null ? { ...state, cancelled: "It was cancelled." } : state;
}

/** Puts a signal into the inbox, if the workflow takes it. */
export function addSignal(state: RunState, declared: Workflow["signals"], name: string, value: JsonObject): RunState | Delivery {
  const shape = declared?.get(name);
  if (declared !== null && shape === undefined) return { delivered: false, reason: "unknown" };
  const parsed = shape?.parse(value);
  if (parsed !== undefined && !parsed.ok) return { delivered: false, reason: "invalid", errors: parsed.errors };
  if (state.inbox.length >= MAX_INBOX) return { delivered: false, reason: "full" };
  const number = state.signals + 1;
  return { ...state, signals: number, inbox: [...state.inbox, { number, name, value }] };
}
