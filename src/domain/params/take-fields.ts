import { isObject } from "../json.ts";
import { ABSENT, INVALID, type Take } from "./param-code.ts";

/** What must be known of a field to take it. */
export interface TakenField {
  readonly name: string;
  readonly take: Take;
  /** What it comes to when it is left out: {@link ABSENT}, its default, or {@link INVALID}. */
  readonly whenAbsent: () => unknown;
}

/** A field and those that are declared after it. */
interface Chain extends TakenField {
  readonly index: number;
  readonly next: Chain | null;
}

interface Plan {
  readonly first: Chain | null;
  readonly byName: ReadonlyMap<string, Chain>;
  /** Is the copy to be frozen later? */
  readonly waits: boolean;
}

type Members = Readonly<Record<string, unknown>>;

const NONE: readonly unknown[] = [];

/** Takes only what is declared, and only the object's own, into an object of our own, in the order of the declaration. */
export function takeFields(fields: readonly TakenField[], waits: boolean): Take {
  const first = fields.reduceRight<Chain | null>((next, { name, take, whenAbsent }, index) => ({ name, take, whenAbsent, index, next }), null);
  const byName = new Map<string, Chain>();
  for (let field = first; field !== null; field = field.next) byName.set(field.name, field);
  const plan = { first, byName, waits };
  return (value) => (isObject(value) ? takeInOrder(value, plan) : INVALID);
}

/**
 * Most objects come in the order of the declaration: nothing is looked up as long as each field stands where it is
 * expected. Inherited members are listed last, so a member that is the object's own says the same of all before it;
 * where one is inherited, everything begins again without those.
 */
function takeInOrder(value: Members, plan: Plan): unknown {
  const copy: Record<string, unknown> = {};
  let field = plan.first;
  let last = "";
  for (const name in value) {
    const given = value[name];
    if (field === null || field.name !== name || given === undefined) {
      return plan.byName.has(name) ? takeByName(value, copy, field, plan) : refuse(value, name, plan);
    }
    const member = field.take(given);
    if (member === INVALID) return refuse(value, name, plan);
    copy[name] = member;
    field = field.next;
    last = name;
  }
  if (last !== "" && !Object.hasOwn(value, last)) return takeOwn(value, plan);
  return complete(copy, field, NONE, plan);
}

/** Takes the fields from `rest` on, in whatever order they come; those before it stand in the copy. */
function takeByName(value: Members, copy: Record<string, unknown>, rest: Chain | null, plan: Plan): unknown {
  const members = new Array<unknown>(plan.byName.size);
  const start = rest === null ? plan.byName.size : rest.index;
  let last = "";
  for (const name in value) {
    last = name;
    const field = plan.byName.get(name);
    const given = value[name];
    if (field !== undefined && (field.index < start || given === undefined)) continue;
    const member = field === undefined ? INVALID : field.take(given);
    if (field === undefined || member === INVALID) return refuse(value, name, plan);
    members[field.index] = member;
  }
  return Object.hasOwn(value, last) ? complete(copy, rest, members, plan) : takeOwn(value, plan);
}

/** The member of this name is wrong: does it count? */
function refuse(value: Members, name: string, plan: Plan): unknown {
  return Object.hasOwn(value, name) ? INVALID : takeOwn(value, plan);
}

function takeOwn(value: Members, plan: Plan): unknown {
  return takeInOrder({ __proto__: null, ...value }, plan);
}

/** Puts the members from `rest` on into the copy, and what stands for those that were left out. */
function complete(copy: Record<string, unknown>, rest: Chain | null, members: readonly unknown[], { waits }: Plan): unknown {
  for (let field = rest; field !== null; field = field.next) {
    const member = members[field.index] === undefined ? field.whenAbsent() : members[field.index];
    if (member === INVALID) return INVALID;
    if (member !== ABSENT) copy[field.name] = member;
  }
  return waits ? copy : Object.freeze(copy);
}
