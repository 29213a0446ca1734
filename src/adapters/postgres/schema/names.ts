/** The version of the schema that this release reads and writes. */
export const SCHEMA_VERSION = 1;

/** What the statements call the parts of one schema. */
export interface SchemaNames {
  /** As it was given: `actionport`. */
  readonly name: string;
  /** Quoted, so that a word of SQL's own may be a name: `"actionport"`. */
  readonly quoted: string;
  /** What advisory locks of this schema have as their first number; their second says which lock it is. */
  readonly lock: number;
  /** Where NOTIFY tells of commits. */
  readonly channel: string;
}

/** The second numbers of the advisory locks. Those of a commit and of a record that is absent have one number of 64 bits instead. */
export const LOCKS = { migration: 1, numbering: 2, absence: 3, sweep: 4 } as const;

const NAME = /^(?!pg_)[a-z_][a-z0-9_]{0,47}$/;

/** The names in a schema; a TypeError when its name is not plain. */
export function namesOf(schema: string): SchemaNames {
  if (typeof schema !== "string" || !NAME.test(schema)) {
    throw new TypeError("schema must be a name of 1 to 48 lower-case letters, digits and underscores that begins neither with a digit nor with pg_");
  }
  return { name: schema, quoted: `"${schema}"`, lock: hash(`actionport.${schema}`), channel: `actionport_${schema}` };
}

/** FNV-1a in 31 bits: two schemas in one database hardly ever share their locks, and would only wait for each other. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  return state & 0x7fffffff;
}
