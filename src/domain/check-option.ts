/** Whether an option that must be a function is one; else a TypeError that names it and the remedy. */
export function requireFunction(option: string, value: unknown, remedy: string): void {
  if (typeof value !== "function") throw new TypeError(`${option} must be a function, not ${kindOf(value)}: ${remedy}`);
}

/** The same for one that may be absent. */
export function requireOptionalFunction(option: string, value: unknown, remedy: string): void {
  if (value !== undefined) requireFunction(option, value, remedy);
}

/** Whether an option that must be an object has all these methods. */
export function requireMethods(option: string, value: unknown, methods: readonly string[], remedy: string): void {
  const lacking = methods.find((name) => typeof value !== "object" || value === null || typeof Reflect.get(value, name) !== "function");
  if (lacking !== undefined) throw new TypeError(`${option} must be an object with the method ${lacking}, not ${kindOf(value)}: ${remedy}`);
}

/** Whether an option that must be a text is one that says something. */
export function requireText(option: string, value: unknown, remedy: string): void {
  if (typeof value !== "string" || value === "") throw new TypeError(`${option} must be a text, not ${value === "" ? "an empty one" : kindOf(value)}: ${remedy}`);
}

/** The same for one that may be absent. */
export function requireOptionalText(option: string, value: unknown, remedy: string): void {
  if (value !== undefined) requireText(option, value, remedy);
}

/** Whether what must be a plain object is one. */
export function requireObject(option: string, value: unknown, remedy: string): void {
  if (!isPlain(value)) throw new TypeError(`${option} must be an object, not ${kindOf(value)}: ${remedy}`);
}

/** The names of all options of one type: the compiler refuses one that is missing here, or that there is not. */
export type Names<T> = Readonly<Record<keyof T, true>>;

/** Whether options are an object with none that is unknown, which is usually one that is misspelt. */
export function requireOptions(where: string, given: unknown, known: Readonly<Record<string, true>>): void {
  if (!isPlain(given)) throw new TypeError(`${where} must be an object of options, not ${kindOf(given)}`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw new TypeError(`${where} has no option ${JSON.stringify(unknown)}; it has ${Object.keys(known).sort().join(", ")}`);
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

/** In words, without the value: it may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const { name } = value.constructor ?? Object;
  return name === "Object" ? "an object" : `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

/** Whether an option by which work is followed says of each kind who follows it, or null. One that is absent follows nothing. */
export function requireTracing(tracing: object | undefined, kinds: readonly string[]): void {
  if (tracing === undefined) return;
  const lacking = kinds.find((kind) => typeof tracing !== "object" || tracing === null || (Reflect.get(tracing, kind) !== null && typeof Reflect.get(tracing, kind) !== "function"));
  if (lacking !== undefined) throw new TypeError(`tracing must be an object with ${lacking}, which is a function or null, not ${kindOf(tracing)}: give what createTracing() of actionport/diagnostics answers`);
}

/** The value of an option, a whole number from `min` to `max`, both included; else a TypeError that names the option. */
export function checkWhole(name: string, value: number, max: number, min = 1): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}
