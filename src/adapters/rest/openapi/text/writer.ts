import { isJsonObject, type Json, type JsonObject } from "../../../../domain/json.ts";
import type { Section } from "../names.ts";
import type { Components, Part } from "../part.ts";

const SECTIONS = ["responses", "parameters", "headers", "schemas"] as const;
const POINTER = /"\$ref":"#\/components\/(schemas|responses|parameters|headers)\/([\w.-]+)/g;

/** Members of an object, as text. */
type Members = Map<string, string>;

/** Writes paths and components as text, part by part; of what is shared only that which is referred to. */
export class Writer {
  readonly #shared: Readonly<Record<Section, JsonObject>>;
  readonly #paths: string[] = [];
  readonly #components: Readonly<Record<Section, Members>> = { schemas: new Map(), responses: new Map(), parameters: new Map(), headers: new Map() };
  /** Pointers that were seen, and of those the ones that were not followed. */
  readonly #seen = new Set<string>();
  readonly #owed: { readonly section: Section; readonly name: string }[] = [];

  constructor(shared: Readonly<Record<Section, JsonObject>>) {
    this.#shared = shared;
  }

  add({ paths, components = {} }: Part): void {
    for (const [path, item] of Object.entries(paths)) this.#paths.push(this.#member(path, item));
    this.#addComponents(components);
  }

  /** The members of `paths`, in small texts. */
  *paths(): Generator<string, void, void> {
    yield* listed(this.#paths);
  }

  /** The members of `components`, the schemas last and left open. */
  *components(securitySchemes: JsonObject): Generator<string, void, void> {
    for (let owed = this.#owed.pop(); owed !== undefined; owed = this.#owed.pop()) this.#addShared(owed.section, owed.name);
    yield `"securitySchemes":${JSON.stringify(securitySchemes)}`;
    for (const section of SECTIONS) {
      yield `,"${section}":{`;
      yield* listed([...this.#components[section]].sort(byName).map(([, text]) => text));
      if (section !== "schemas") yield "}";
    }
  }

  #addComponents(components: Components): void {
    for (const section of SECTIONS) {
      for (const [name, value] of Object.entries(components[section] ?? {})) {
        if (!this.#components[section].has(name)) this.#components[section].set(name, this.#member(name, value));
      }
    }
  }

  #addShared(section: Section, name: string): void {
    const value = this.#shared[section][name];
    if (isJsonObject(value)) this.#addComponents({ [section]: { [name]: value } });
  }

  /** Looks for pointers in the text: one inside of an example owes too much at worst. */
  #member(name: string, value: Json): string {
    const text = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    for (const [pointer, section, pointed = ""] of text.matchAll(POINTER)) {
      if (this.#seen.has(pointer)) continue;
      this.#seen.add(pointer);
      const known = SECTIONS.find((each) => each === section);
      if (known !== undefined) this.#owed.push({ section: known, name: pointed });
    }
    return text;
  }
}

function* listed(members: readonly string[]): Generator<string, void, void> {
  for (const [at, member] of members.entries()) yield at === 0 ? member : `,${member}`;
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
