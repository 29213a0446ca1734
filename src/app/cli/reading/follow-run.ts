import type { Run, WorkflowHandle } from "../../../adapters/client/index.ts";
import type { Ending } from "../exit-codes.ts";
import type { Input } from "../language/grammar.ts";
import { printJson, printOne } from "../screen/answer.ts";
import { formatValue } from "../screen/diff.ts";
import { formatFields } from "../screen/table.ts";
import { toPrintable } from "../screen/text-width.ts";
import type { Session } from "../session.ts";
import { callOptions } from "../target/open-target.ts";
import { formatTime } from "./format-time.ts";

/** Shows each state that a run comes to, a line each, until it has ended. */
export async function followRun(session: Session, input: Input, handle: Pick<WorkflowHandle, "events">): Promise<Ending> {
  const { screen } = session;
  let last: Run | undefined;
  for await (const run of handle.events(callOptions(session, input))) {
    if (input.flag("json")) printJson(screen, run);
    else screen.print(formatState(session, run));
    last = run;
  }
  return last === undefined ? "done" : endingOfRun(last);
}

/** A run that was not brought to its end is one that was refused what it wanted. */
function endingOfRun({ status }: Run): Ending {
  return status === "failed" || status === "cancelled" ? "refused" : "done";
}

function formatState({ screen }: Pick<Session, "screen">, { updated_at, status, progress, error, result }: Run): string {
  const far = progress === null ? "" : `  ${progress.done} of ${progress.total}`;
  const more = error !== undefined ? toPrintable(error) : (result === undefined ? "" : formatValue(result));
  return `${screen.style.dim(formatTime(updated_at))}  ${formatStatus({ screen }, status)}${far}${more === "" ? "" : `  ${more}`}`;
}

/** A status in its colour. */
function formatStatus({ screen: { style } }: Pick<Session, "screen">, status: Run["status"]): string {
  if (status === "completed") return style.green(status);
  return status === "failed" || status === "cancelled" ? style.red(status) : style.yellow(status);
}

/** One run in full. */
export function printRun(session: Session, input: Input, run: Run): void {
  const { id, name, action, subject, progress, created_at, updated_at, result, error } = run;
  printOne(session.screen, input, run, () => formatFields(session.screen, [
    ["workflow", id], ["name", name], ["status", run.status], ["action", action],
    ["subject", subject === null ? undefined : `${subject.class} ${subject.id}`],
    ["progress", progress === null ? undefined : `${progress.done} of ${progress.total}`],
    ["begun", formatTime(created_at)], ["changed", formatTime(updated_at)],
    ["result", result === undefined ? undefined : formatValue(result)], ["error", error],
  ]));
}
