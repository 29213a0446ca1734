import { invalidParams, type Failed } from "../../domain/execution/answer/outcome.ts";

/** The parameters of these names, each the first of its name. */
export function readQuery<Name extends string>(query: string, names: readonly Name[]): { readonly [name in Name]?: string } {
  const given = new URLSearchParams(query);
  const read: { [name in Name]?: string } = {};
  for (const name of names) {
    const value = given.get(name);
    if (value !== null) read[name] = value;
  }
  return read;
}

/** What is wrong with a question to a list that has only these names; undefined: nothing. A filter that is misspelt would let everything through. */
export function findUnknownNames(query: string, names: readonly string[]): Failed | undefined {
  if (query === "") return undefined;
  const unknown = [...new URLSearchParams(query).keys()].filter((name) => !names.includes(name));
  return unknown.length === 0 ? undefined : invalidParams(Object.fromEntries(unknown.map((name) => [name, [`${name} is nothing to ask for here. Use one of: ${names.join(", ")}.`]])));
}
