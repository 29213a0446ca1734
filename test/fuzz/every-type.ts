import {
  ActionError, boolean, createCatalog, date, dateTime, defineAction,
  everyone, defineSubject, integer, integerId, list, money, number, object, oneOf, patternId,
  reference, standardParams, text, textId, uuidId, type Catalog, type IdKind, type Param, type SubjectId,
} from "../../src/domain/index.ts";

/** Has a subject for every ID that can be one, so that a parameter's schema alone decides about a reference. */
function defineEndless<Id extends SubjectId>(param: string, id: IdKind<Id>) {
  const source = (texts: readonly string[]) => texts.map((text) => toRecord(id.parse(text)));
  return defineSubject({ class: `every.${param}`, param, id, title: (record: { readonly id: Id }) => String(record.id), source });
}

function toRecord<Id extends SubjectId>(id: Id | undefined): { readonly id: Id } | undefined {
  return id === undefined ? undefined : { id };
}

const Whole = defineEndless("whole", integerId());
const Bounded = defineEndless("bounded", integerId({ min: -3, max: 1042 }));
const Unique = defineEndless("unique", uuidId());
const Letters = defineEndless("letters", patternId(/[A-Z]{2,5}|[^a]/));
const Words = defineEndless("words", textId());

/** What is kept in the store. */
export interface ThingRecord {
  readonly id: number;
  readonly name: string;
  readonly count: number;
  readonly hidden: string;
}

export const Thing = defineSubject({ class: "every.Thing", param: "thing", id: integerId({ min: 1 }), title: (thing: ThingRecord) => thing.name, fields: { name: text(), count: integer() }, read: ({ identity }) => identity.can("change") });

/** A type in every way that it can stand in a declaration. */
function everyWay<T, In>(type: Param<T, "required", In>, example: In) {
  return {
    plain: type,
    optional: type.optional(),
    nullable: type.nullable().optional(),
    given: type.default(example),
    secret: type.secret().optional().describe("Nobody else sees it."),
    several: list(type, { max: 3 }).optional(),
    inside: object({ value: type, maybe: type.nullable().optional() }).optional(),
  };
}

const TYPES = {
  text: everyWay(text(), "a"),
  "bounded-text": everyWay(text({ min: 2, max: 5 }), "ab"),
  "pattern-text": everyWay(text({ pattern: /^[a-zé]+-\d{1,3}$/, max: 12 }), "a-1"),
  "any-pattern": everyWay(text({ pattern: /^(?!.*b)\W?.\D$/ }), "ac"),
  integer: everyWay(integer(), 1),
  "bounded-integer": everyWay(integer({ min: -3, max: 1042 }), 0),
  number: everyWay(number(), 0.5),
  "bounded-number": everyWay(number({ min: -0.5, max: 1e21 }), 0),
  money: everyWay(money(), "1.00"),
  "bounded-money": everyWay(money({ min: "-12.30", max: "1045.07" }), 0),
  "less-than-a-unit": everyWay(money({ min: "0.25", max: "0.75" }), "0.5"),
  boolean: everyWay(boolean(), true),
  date: everyWay(date(), "2024-02-29"),
  "date-time": everyWay(dateTime(), "2024-02-29T10:00:00Z"),
  "one-of": everyWay(oneOf(["air", "sea", "", "😀"]), "sea"),
  "a-whole": everyWay(reference(Whole), 1),
  "a-bounded": everyWay(reference(Bounded), "7"),
  "a-unique": everyWay(reference(Unique), "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
  letters: everyWay(reference(Letters), "AB"),
  words: everyWay(reference(Words), "a/b"),
};

const echoes = Object.entries(TYPES).map(([name, params]) =>
  defineAction({ key: `types/${name}`, label: `Take ${name}`, params, returns: ["data"], authorize: everyone, handle: ({ params: taken }) => ({ id: name, title: "Taken", fields: Object.keys(taken) }) }),
);

const NO_PARAMS = defineAction({ key: "types/none", label: "Take nothing", returns: ["nothing"], authorize: everyone, handle: () => undefined });

const DEEP = defineAction({
  key: "types/deep",
  label: "Take a tree",
  params: { tree: list(object({ branch: list(object({ leaf: list(money(), { min: 1, max: 2 }), toString: boolean().optional() }), { min: 1 }), hasOwnProperty: text({ max: 1 }).nullable() }), { max: 2 }) },
  returns: ["message"],
  authorize: everyone,
  handle: ({ params }) => `${params.tree.length} taken.`,
});

interface Size {
  readonly width: number;
}

function isSize(value: unknown): value is Size {
  return typeof value === "object" && value !== null && Object.keys(value).join() === "width" && "width" in value && Number.isInteger(value.width);
}

const STANDARD = defineAction({
  key: "types/standard",
  label: "Take what another library checks",
  params: standardParams<Size, Size>(
    { "~standard": { version: 1, vendor: "fuzz", validate: (value: unknown) => (isSize(value) ? { value } : { issues: [{ message: "Must be a size.", path: ["width"] }] }) } },
    { schema: { type: "object", properties: { width: { type: "integer" } }, required: ["width"], additionalProperties: false } },
  ),
  returns: ["message"],
  authorize: everyone,
  handle: ({ params }) => `${params.width} wide.`,
});

const subjects = [Whole, Bounded, Unique, Letters, Words].map((subject) =>
  defineAction({ key: `subjects/${subject.param}`, label: "Read", effect: "read", subject, returns: ["message"], authorize: everyone, handle: ({ subject: { id } }) => `Read ${id}.` }),
);

const CHANGE = defineAction({
  key: "things/change",
  label: "Change thing",
  subject: Thing,
  params: { by: integer({ min: -2, max: 2 }).default(1), name: text({ max: 8 }).secret().optional() },
  returns: ["data"],
  authorize: ({ identity }) => identity.can("change"),
  handle({ subject, params, subjects: kept }) {
    if (subject.count + params.by < 0) throw new ActionError("There are none left.", { code: "none_left", details: { count: subject.count } });
    return kept.put(Thing, { ...subject, count: subject.count + params.by, name: params.name ?? subject.name });
  },
  message: ({ id }) => `Thing ${id} changed.`,
});

const REMOVE = defineAction({
  key: "things/remove",
  label: "Remove thing",
  effect: "destructive",
  subject: Thing,
  authorize: ({ identity }) => identity.can("change"),
  handle({ subject, subjects: kept }) {
    if (subject.id % 2 === 1) throw new ActionError("Odd ones stay.");
    kept.delete(Thing, subject.id);
  },
});

/** One action for every parameter type, in every way that it can be declared, for every kind of ID, and for every row of results. */
export const everyType: Catalog = createCatalog({
  subjects: [Whole, Bounded, Unique, Letters, Words, Thing],
  actions: [...echoes, NO_PARAMS, DEEP, STANDARD, ...subjects, CHANGE, REMOVE],
});
