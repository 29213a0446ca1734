/**
 * The headers as name, value, name, value, … The platform has joined those that came several times by a comma. Where no single value
 * can hold one they are taken apart again, so that the guard refuses them as it does on a wire: two readers could believe one each.
 */
export function toRawHeaders(request: Request): readonly string[] {
  const raw: string[] = [];
  for (const [name, value] of request.headers) {
    const apart = value.includes(",") ? APART.get(name) : undefined;
    for (const each of apart === undefined ? [value] : value.split(apart)) raw.push(name, each);
  }
  // Not every platform shows it; the URL says the same.
  if (!request.headers.has("host")) raw.push("host", new URL(request.url).host);
  return raw;
}

/** Where the values of these begin again. A list of one element is left alone. */
const APART: ReadonlyMap<string, RegExp> = new Map([
  ["authorization", /, ?(?=(?:bearer|basic) )/i],
  // A comma in a quoted parameter is followed by no media type.
  ["content-type", /, ?(?=[^\s,;="]+\/)/],
  ["content-length", /, ?/],
  ["host", /, ?/],
]);
