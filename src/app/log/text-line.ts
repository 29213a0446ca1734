import { describeError, summarize } from "./describe-error.ts";
import type { ErrorDescription } from "./describe-error.ts";
import { escapeControls } from "./escape-controls.ts";
import type { LogLevel } from "./level.ts";
import type { LogEntry } from "./log-entry.ts";

/** SGR sequences of a terminal (ECMA-48). */
const RED = "\u001b[31m";
const YELLOW = "\u001b[33m";
const DIM = "\u001b[2m";
const PLAIN = "\u001b[0m";
const COLOURS: Readonly<Record<LogLevel, string>> = { error: RED, warn: YELLOW, info: "", debug: DIM };
const LEVEL_WIDTH = 5;
const EVENT_WIDTH = 22;

/** A line for people: the time of day, the level, the event, then what belongs to it; an error's stack below it. */
export function toTextLine({ at, level, observation }: LogEntry, colour: boolean): string {
  const { event, error, ...details } = observation;
  const paint = (style: string, text: string) => (colour && style !== "" && text !== "" ? `${style}${text}${PLAIN}` : text);
  const head = `${paint(DIM, toTimeOfDay(at))} ${paint(COLOURS[level], `${level.padEnd(LEVEL_WIDTH)} ${event.padEnd(EVENT_WIDTH)}`)}`;
  const described = error === undefined ? undefined : describeError(error);
  const facts = [...listFacts(event, details), ...(described === undefined ? [] : [`error=${show(summarize(described))}`])];
  const stack = described === undefined ? "" : writeStack(described);
  return `${`${head} ${facts.join(" ")}`.trimEnd()}\n${paint(DIM, stack)}`;
}

/** Local, as the clock on the wall. */
function toTimeOfDay(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

/** A request's are told as HTTP tells them: `GET /api/v1/actions 200 3ms`. */
function listFacts(event: string, details: Readonly<Record<string, unknown>>): readonly string[] {
  if (event !== "request") return Object.entries(details).flatMap(toFact);
  const { method, route, status, duration_ms, ...rest } = details;
  return [`${show(method)} ${show(route)} ${show(status)} ${show(duration_ms)}ms`, ...Object.entries(rest).flatMap(toFact)];
}

function toFact([name, value]: readonly [string, unknown]): readonly string[] {
  return value === undefined ? [] : [`${name}=${show(value)}`];
}

/** A word stands as it is, all else as JSON, so that it is seen where it ends. */
function show(value: unknown): string {
  const text = typeof value === "string" && /^[^\s"=\u0000-\u001f\u007f-\u009f]+$/.test(value) ? value : (JSON.stringify(value) ?? String(value));
  return escapeControls(text);
}

function writeStack(error: ErrorDescription | string): string {
  if (typeof error === "string") return "";
  const own = (error.stack ?? `${error.name}: ${error.message}`).split("\n").map((line) => `    ${escapeControls(line.trim())}\n`).join("");
  return error.cause === undefined ? own : `${own}  caused by\n${typeof error.cause === "string" ? `    ${escapeControls(error.cause)}\n` : writeStack(error.cause)}`;
}
