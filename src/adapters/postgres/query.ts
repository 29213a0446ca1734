/** A row as drivers answer it: the columns by their names. Those that are asked for here are texts, or null. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Runs one SQL statement with its values for `$1`, `$2`, … in a transaction of its own, and answers its rows; rejects with the driver's error, whose `code` is
 * PostgreSQL's SQLSTATE where it has said one. All values are texts. It is all that is asked of a driver.
 */
export type Query = (text: string, values: string[]) => Promise<readonly Row[]>;

/**
 * Listens on a channel (`LISTEN "channel"`) over a connection of its own and calls `heard` with what each notification says, and with `null` when it listens again after it
 * had lost the connection. Answers how to stop.
 */
export type Listen = (channel: string, heard: (payload: string | null) => void) => Promise<() => void | Promise<void>>;

/** The column of a row as a text; a TypeError when the driver answers something else. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== "string") throw new TypeError(`query must answer rows as objects with texts as PostgreSQL sends them; the column ${column} is ${value === null ? "null" : typeof value}`);
  return value;
}
