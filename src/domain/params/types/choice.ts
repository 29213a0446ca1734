import { createParam, type Param } from "../param.ts";
import { INVALID, scalarCode } from "../param-code.ts";
import { isWellFormed } from "../characters/unicode.ts";

/** So many choices are told to whoever sent another. */
const MAX_TOLD_CHOICES = 20;

/** True or false. No text, no number stands for it. */
export function boolean(): Param<boolean> {
  const take = (value: unknown) => (typeof value === "boolean" ? value : INVALID);
  return createParam(() => scalarCode({ type: "boolean" }, take, () => "Must be true or false."));
}

/** One of these texts, exactly: `oneOf(["air", "sea"])` is of the type `"air" | "sea"`. */
export function oneOf<const T extends readonly string[]>(choices: T): Param<T[number]> {
  return createParam((name) => {
    checkChoices(name, choices);
    const taken = new Set<unknown>(choices);
    const told = choices.slice(0, MAX_TOLD_CHOICES).join(", ");
    const sentence = `Must be one of: ${told}${choices.length > MAX_TOLD_CHOICES ? ", …" : ""}.`;
    const take = (value: unknown) => (taken.has(value) ? value : INVALID);
    return scalarCode({ type: "string", enum: [...choices] }, take, () => sentence);
  });
}

function checkChoices(name: string, choices: unknown): void {
  if (!Array.isArray(choices) || choices.length === 0) {
    throw new TypeError(`parameter "${name}": oneOf() takes a list of at least one text`);
  }
  const wrong = choices.findIndex((choice) => typeof choice !== "string" || !isWellFormed(choice));
  if (wrong >= 0) throw new TypeError(`parameter "${name}": choice ${wrong} of oneOf() must be text (well-formed Unicode)`);
  const twice = choices.find((choice, index) => choices.indexOf(choice) !== index);
  if (twice !== undefined) throw new TypeError(`parameter "${name}": oneOf() has "${twice}" twice; leave one out`);
}
