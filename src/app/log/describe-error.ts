/** How deep the causes of an error are followed. */
const MAX_CAUSES = 5;

/** What is told of an error: its own properties do not show in JSON, and of these only the ones that say what failed and where. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string | undefined;
  readonly cause?: ErrorDescription | string;
}

/** An error with its causes; whatever else was thrown, as text. */
export function describeError(error: unknown, causes = MAX_CAUSES): ErrorDescription | string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined || causes === 0 ? {} : { cause: describeError(error.cause, causes - 1) };
  return { name: error.name, message: error.message, ...("code" in error ? { code: error.code } : {}), stack: error.stack, ...cause };
}
