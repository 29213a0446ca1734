import type { Clock, Observation, Observe } from "../domain/ports.ts";

/** How deep the causes of an error are followed. */
const MAX_CAUSES = 5;

/** An observer that writes each observation as one line of JSON, the time first. */
export function createLog(write: (line: string) => void, clock: Clock): Observe {
  return ({ event, error, ...details }: Observation) => {
    const shown = error === undefined ? {} : { error: describeError(error, MAX_CAUSES) };
    write(`${JSON.stringify({ time: new Date(clock()).toISOString(), event, ...details, ...shown })}\n`);
  };
}

/** An error's own properties do not show in JSON; of these, only the ones that say what failed and where. */
function describeError(error: unknown, causes: number): unknown {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined || causes === 0 ? {} : { cause: describeError(error.cause, causes - 1) };
  return { name: error.name, message: error.message, ...("code" in error ? { code: error.code } : {}), stack: error.stack, ...cause };
}
