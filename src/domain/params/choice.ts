import { createParam, type Param } from "./param.ts";
import { refuse } from "./parsing.ts";
import { isWellFormed } from "./unicode.ts";

/** So many choices are told to whoever sent another. */
const MAX_TOLD_CHOICES = 20;

/** True or false. No text, no number stands for it. */
export function boolean(): Param<boolean> {
  return createParam(() => ({
    schema: { type: "boolean" },
    read: (value, parsing, depth) => (typeof value === "boolean" ? value : refuse(parsing, depth, "Must be true or false.")),
    subjects: [],
    mask: null,
  }));
}

/** One of these texts, exactly: `oneOf(["air", "sea"])` is of the type `"air" | "sea"`. */
export function oneOf<const T extends readonly string[]>(choices: T): Param<T[number]> {
  return createParam((name) => {
    checkChoices(name, choices);
    const taken = new Set<unknown>(choices);
    const told = choices.slice(0, MAX_TOLD_CHOICES).join(", ");
    const sentence = `Must be one of: ${told}${choices.length > MAX_TOLD_CHOICES ? ", …" : ""}.`;
    return {
      schema: { type: "string", enum: [...choices] },
      read: (value, parsing, depth) => (taken.has(value) ? value : refuse(parsing, depth, sentence)),
      subjects: [],
      mask: null,
    };
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
