import { isPromiseLike, type MaybePromise } from "../../domain/maybe-promise.ts";
import type { Clock, Observe, Timer } from "../../domain/ports.ts";

/** Whether a part is ready to serve. One that answers false, throws, rejects, or takes longer than two seconds is not. */
export type ReadinessCheck = () => MaybePromise<boolean>;

/** For each part, whether it is ready. */
export type Readiness = Readonly<Record<string, boolean>>;

/** Options of {@link createReadiness}. */
export interface ReadinessOptions {
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly timer: Timer;
  readonly clock: Clock;
  /** Told `not_ready` with the part and the cause, and `ready_again`: once for each change. */
  readonly observe: Observe;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Asks all parts at once. Who asks while they are being asked gets the same answer, so that no crowd of strangers makes work. */
export function createReadiness({ checks, timer, clock, observe }: ReadinessOptions): () => Promise<Readiness> {
  const unready = new Set<string>();
  const note = (part: string, isReady: boolean, error?: unknown) => {
    if (isReady === !unready.has(part)) return;
    if (isReady) unready.delete(part);
    else unready.add(part);
    observe(isReady ? { event: "ready_again", part } : { event: "not_ready", part, ...(error === undefined ? {} : { error }) });
  };
  const ask = async ([part, check]: readonly [string, ReadinessCheck]) => {
    try {
      const isReady = (await within(check, timer, clock)) === true;
      note(part, isReady);
      return [part, isReady] as const;
    } catch (error) {
      note(part, false, error);
      return [part, false] as const;
    }
  };
  let asked: Promise<Readiness> | undefined;
  return () => (asked ??= Promise.all(Object.entries(checks).map(ask)).then((answers) => {
    asked = undefined;
    return Object.fromEntries(answers);
  }));
}

function within(check: ReadinessCheck, timer: Timer, clock: Clock): MaybePromise<boolean> {
  const answer = check();
  if (!isPromiseLike(answer)) return answer;
  return new Promise((resolve, reject) => {
    const giveUp = timer(clock() + CHECK_TIMEOUT_MS, () => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)));
    void answer.then(resolve, reject).then(giveUp);
  });
}
