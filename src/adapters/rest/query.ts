/** The parameters of these names, each the first of its name; others are ignored. */
export function readQuery<Name extends string>(query: string, names: readonly Name[]): { readonly [name in Name]?: string } {
  const given = new URLSearchParams(query);
  const read: { [name in Name]?: string } = {};
  for (const name of names) {
    const value = given.get(name);
    if (value !== null) read[name] = value;
  }
  return read;
}
