/** How deep the causes of an error are followed. */
const MAX_CAUSES = 5;

/** What is told of an error: its own properties do not show in JSON, and of these only the ones that say what failed and where. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string | undefined;
  readonly cause?: ErrorDescription | string;
}

/** An error with its causes; whatever else was thrown, as text. Never throws, since a failure that cannot be told would be in no log. */
export function describeError(error: unknown, causes = MAX_CAUSES): ErrorDescription | string {
  try {
    return error instanceof Error ? readError(error, causes) : String(error);
  } catch {
    return "What was thrown cannot be shown.";
  }
}

/** {@link describeError} in a line. */
export function summarize(described: ErrorDescription | string): string {
  return typeof described === "string" ? described : described.message;
}

function readError(error: Error, causes: number): ErrorDescription {
  const cause = error.cause === undefined || causes === 0 ? {} : { cause: describeError(error.cause, causes - 1) };
  const code = "code" in error ? error.code : undefined;
  const stack = error.stack === undefined ? undefined : String(error.stack);
  return { name: String(error.name), message: String(error.message), ...(typeof code === "string" || typeof code === "number" ? { code } : {}), stack, ...cause };
}
