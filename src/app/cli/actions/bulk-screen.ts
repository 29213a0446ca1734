import type { ApiEntry, BulkResult, BulkSummary } from "../../../adapters/client/index.ts";
import type { Input } from "../language/grammar.ts";
import { printJson } from "../screen/answer.ts";
import { createProgressBar } from "../screen/progress-bar.ts";
import { cutText, toPrintable } from "../screen/text-width.ts";
import type { Session } from "../session.ts";

/** Shows a bulk call while it runs: what failed, a line each, above a bar; or every result as a line of JSON. */
export interface BulkScreen {
  result(result: BulkResult<ApiEntry>): void;
  end(summary: BulkSummary): void;
  /** Nothing more comes. */
  clear(): void;
  readonly done: number;
}

/** On a terminal for people, else for programs. */
export function createBulkScreen({ screen }: Pick<Session, "screen">, input: Input, total: number): BulkScreen {
  const bar = createProgressBar(screen, Date.now);
  const forPrograms = input.flag("json") || !screen.isTerminal;
  let done = 0;
  let failed = 0;
  const note = () => (failed === 0 ? "" : `${failed} failed`);
  const show = (result: BulkResult<ApiEntry>) => {
    if (forPrograms) return printJson(screen, result);
    if (result.success) return;
    bar.clear();
    const why = result.skipped === true ? screen.style.dim("skipped") : screen.style.red(toPrintable(result.message));
    screen.print(screen.isTerminal ? cutLine(toPrintable(String(result.id)), why, screen.width) : `${result.id}  ${why}`);
  };
  bar.show(0, total, "");
  return {
    get done() {
      return done;
    },
    result(result) {
      done++;
      if (!result.success && result.skipped !== true) failed++;
      show(result);
      bar.show(done, total, note());
    },
    end(summary) {
      bar.clear();
      if (forPrograms) return printJson(screen, summary);
      screen.print((summary.failed + summary.skipped === 0 ? screen.style.green : screen.style.yellow)(toPrintable(summary.message)));
    },
    clear: () => bar.clear(),
  };
}

/** The reason may be longer than the screen, and then goes on below it. */
function cutLine(id: string, why: string, width: number): string {
  return `${cutText(id, Math.max(12, Math.floor(width / 3)))}  ${why}`;
}
