import type { Screen } from "./screen.ts";
import { textWidth } from "./text-width.ts";

/** How far something is, on a line of stderr that is drawn over again; on what is no terminal it shows nothing. */
export interface ProgressBar {
  show(done: number, total: number, note: string): void;
  /** Takes the line away, for others to be written, or for good. */
  clear(): void;
}

/** Drawing more often only makes a terminal flicker. */
const PERIOD_MS = 50;
const CLEAR = "\r\u001b[K";

/** A bar as wide as the terminal lets it be. */
export function createProgressBar(screen: Pick<Screen, "canRedraw" | "sideWidth" | "sideStyle" | "draw">, clock: () => number): ProgressBar {
  let drawnAt = -Infinity;
  if (!screen.canRedraw) return { show: () => undefined, clear: () => undefined };
  return {
    show(done, total, note) {
      if (clock() - drawnAt < PERIOD_MS && done < total) return;
      drawnAt = clock();
      screen.draw(CLEAR + formatBar(screen, done, total, note));
    },
    clear() {
      if (drawnAt === -Infinity) return;
      drawnAt = -Infinity;
      screen.draw(CLEAR);
    },
  };
}

function formatBar({ sideWidth, sideStyle }: Pick<Screen, "sideWidth" | "sideStyle">, done: number, total: number, note: string): string {
  const share = total === 0 ? 1 : done / total;
  const text = ` ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${total}${note === "" ? "" : `, ${note}`}`;
  const room = Math.min(40, sideWidth - textWidth(text) - 1);
  if (room < 4) return text.trimStart().slice(0, sideWidth - 1);
  const full = Math.floor(share * room);
  return sideStyle.green("█".repeat(full)) + sideStyle.dim("░".repeat(room - full)) + text;
}
