import { PostgresStoreError } from "./postgres-store-error.ts";

/** What the work comes to, or a failure when that takes longer; what comes of it later is nobody's any more. */
export function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new PostgresStoreError("timed_out", `PostgreSQL has not answered within ${timeoutMs} ms.`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
