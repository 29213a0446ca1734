import type { Clock, Timer } from "../../domain/ports.ts";

/** The longest that `setTimeout` can wait, in milliseconds: about 24.8 days. */
const MAX_DELAY_MS = 2_147_483_647;

/**
 * The port on Node's timers, for any time however far. What has passed is due once everything that is ready has run. No
 * timer keeps the process alive: a run that sleeps is no reason to.
 */
export function createNodeTimer({ clock }: { readonly clock: Clock }): Timer {
  if (typeof clock !== "function") throw new TypeError("clock must be a function that answers epoch milliseconds: Date.now");
  return (at, wake) => {
    let giveUp = () => {};
    const arm = (): void => {
      const delay = at - clock();
      if (delay <= 0) {
        const immediate = setImmediate(wake);
        giveUp = () => clearImmediate(immediate);
        return;
      }
      const timeout = setTimeout(arm, Math.min(delay, MAX_DELAY_MS)).unref();
      giveUp = () => clearTimeout(timeout);
    };
    arm();
    return () => giveUp();
  };
}
