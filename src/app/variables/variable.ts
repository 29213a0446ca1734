/** Variables by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A variable that an operator may set. */
export interface Variable<T> {
  readonly name: string;
  /** What counts without it, as the documentation has it. */
  readonly normally: string;
  /** What it is for, in the documentation's words. */
  readonly meaning: string;
  /** Reads it; throws a TypeError that names the variable, what it must be and what it was. */
  parse(text: string): T;
}

/** The value of a variable; one that is empty counts as not set. */
export function readVariable<T>(variables: Variables, variable: Variable<T>): T | undefined {
  const text = variables[variable.name];
  return text === undefined || text === "" ? undefined : variable.parse(text);
}

/** What a variable says, apart from how it is read. */
type Said = Omit<Variable<unknown>, "parse">;

/** Any text. It may be a secret, so no message repeats it. */
export function textVariable(said: Said): Variable<string> {
  return { ...said, parse: (text) => text };
}

/** Text of one form; `example` is such a text. */
export function patternVariable(said: Said, pattern: RegExp, what: string): Variable<string> {
  return { ...said, parse: (text) => (pattern.test(text) ? text : refuse(said.name, what, text)) };
}

/** Text of one form that is a secret, so that no message repeats it. */
export function secretVariable(said: Said, pattern: RegExp, what: string): Variable<string> {
  return {
    ...said,
    parse(text) {
      if (pattern.test(text)) return text;
      throw new TypeError(`${said.name} must be ${what}`);
    },
  };
}

/** A whole number from `least` to `most`; `unit` goes behind "a whole number", such as " of bytes". */
export function wholeVariable(said: Said, unit: string, least: number, most: number, remark = ""): Variable<number> {
  const what = `a whole number${unit} from ${least}${remark} to ${most}`;
  return { ...said, parse: (text) => (/^\d{1,16}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : refuse(said.name, what, text)) };
}

/** One of a few words. */
export function wordVariable<const W extends string>(said: Said, words: readonly W[]): Variable<W> {
  return { ...said, parse: (text) => words.find((word) => word === text) ?? refuse(said.name, listWords(words), text) };
}

/** `1` or `true`, `0` or `false`. */
export function switchVariable(said: Said): Variable<boolean> {
  const values = new Map([["1", true], ["true", true], ["0", false], ["false", false]]);
  return { ...said, parse: (text) => values.get(text) ?? refuse(said.name, "1 or 0", text) };
}

/** Set to anything, it counts: `NO_COLOR`. */
export function flagVariable(said: Said): Variable<boolean> {
  return { ...said, parse: () => true };
}

/** A list with commas between, each of its own form. */
export function listVariable(said: Said, check: (name: string, parts: readonly string[]) => void): Variable<readonly string[]> {
  return {
    ...said,
    parse(text) {
      const parts = text.split(",").map((part) => part.trim());
      check(said.name, parts);
      return parts;
    },
  };
}

function listWords(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function refuse(name: string, what: string, text: string): never {
  throw new TypeError(`${name} must be ${what}, not ${JSON.stringify(text)}`);
}
