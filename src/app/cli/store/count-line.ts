import type { Screen } from "../screen/screen.ts";

/** How far something is whose end is not known: a line of stderr that is drawn over again; on what is no terminal nothing. */
export function createCountLine({ canRedraw, draw }: Pick<Screen, "canRedraw" | "draw">): { show(text: string): void; clear(): void } {
  let drawnAt = 0;
  return {
    show(text) {
      if (!canRedraw || Date.now() - drawnAt < 100) return;
      drawnAt = Date.now();
      draw(`\r\u001b[K${text}`);
    },
    clear() {
      if (drawnAt !== 0) draw("\r\u001b[K");
      drawnAt = 0;
    },
  };
}
