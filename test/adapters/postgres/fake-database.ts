import { createPostgresStore, type PostgresStore, type PostgresStoreOptions, type Row } from "../../../src/adapters/postgres/index.ts";

/** A statement that was asked: which function, or its first words, and its values. */
export interface Asked {
  readonly name: string;
  readonly values: readonly string[];
}

/** A store whose database is this function; what it throws is what the driver rejects with. */
export function openFake(answer: (asked: Asked) => readonly Row[] | Promise<readonly Row[]>, options: Partial<PostgresStoreOptions> = {}): { readonly store: PostgresStore; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const store = createPostgresStore({
    clock: () => 1000,
    timeoutMs: 100,
    ...options,
    async query(text, values) {
      const name = /"actionport"\.(\w+)\(/.exec(text)?.[1] ?? text.trim().split(/\s+/).slice(0, 2).join(" ");
      asked.push({ name, values });
      return answer({ name, values });
    },
  });
  return { store, asked };
}

/** An error as a driver makes it. */
export function driverError(code: string): Error {
  return Object.assign(new Error(`the driver says ${code}`), { code });
}

/** The ID that a commit was sent under. */
export function commitIdOf({ values: [argument = ""] }: Asked): string {
  return /^\[\["(-?\d+)",/.exec(argument)?.[1] ?? "";
}
