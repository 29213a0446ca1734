import type { Action } from "./action.ts";
import { kindOf, requireOptions, type Names } from "../check-option.ts";
import { isObject } from "../json.ts";
import { isSubjectClass, whyStrange, type SubjectClass } from "./subject.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** All actions by key, and the subject classes they act on. `O` is what it was made of: the types of the actions are in it. */
export interface Catalog<O extends CatalogOptions = CatalogOptions> {
  /** Only in the type. */
  readonly "~made-of"?: O;
  /** In key order. */
  readonly actions: readonly Action[];
  readonly subjects: readonly SubjectClass[];
  /** The action with exactly this key. */
  find(key: string): Action | undefined;
  /** The subject class of this name, or null. */
  subject(name: string): SubjectClass | null;
  /** The workflow of this name. */
  workflow(name: string): Workflow | undefined;
}

/** The parts of a catalog. */
export interface CatalogOptions {
  readonly actions: readonly Action[];
  /** Every class that the actions act on, refer to or make. */
  readonly subjects: readonly SubjectClass[];
  /** Every workflow that the actions start: by its name a run is found again after a restart. Default: none. */
  readonly workflows?: readonly Workflow[];
}

/** Refuses an unknown option, which is usually a misspelt one. */
type NothingElse<O> = { readonly [K in Exclude<keyof O, keyof CatalogOptions>]: never };

const OPTIONS: Names<CatalogOptions> = { actions: true, subjects: true, workflows: true };
const SEGMENT = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_SEGMENTS = 4;
/** The built-in workflow that runs bulk calls. */
export const BULK_WORKFLOW = "bulk";
/** Words that stand behind a key in a URL: none may be a segment, so that every URL has one reading. */
const RESERVED: ReadonlySet<string> = new Set(["execute", "preview", "bulk", "schema"]);

/**
 * Makes the catalog. Throws a TypeError that names the action for: a key that is malformed or
 * taken, a subject that is not among `subjects`, two subject classes or workflows of one name, and a
 * parameter named like the subject's own.
 */
export function createCatalog<const O extends CatalogOptions>(options: O & NothingElse<O>): Catalog<O> {
  requireOptions("createCatalog", options, OPTIONS);
  requireLists(options);
  const subjects = indexSubjects(options.subjects);
  const actions = new Map<string, Action>();
  for (const action of options.actions) {
    if (!isObject(action) || typeof action.key !== "string" || !isCompiled(action.params)) throw new TypeError("actions: every one must be made by defineAction() (is an import circular?)");
    checkKey(action.key);
    if (actions.has(action.key)) throw new TypeError(`action "${action.key}": this key is taken; every action needs its own`);
    checkSubject(action, subjects);
    for (const subject of action.params.subjects) checkKnown(action, subject, subjects, "a reference");
    actions.set(action.key, action);
  }
  const workflows = indexWorkflows(options.workflows ?? []);
  const inKeyOrder = [...actions.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return Object.freeze({
    actions: Object.freeze(inKeyOrder),
    subjects: Object.freeze([...subjects.values()]),
    find: (key: string) => actions.get(key),
    subject: (name: string) => subjects.get(name) ?? null,
    workflow: (name: string) => workflows.get(name),
  });
}

function requireLists({ actions, subjects, workflows = [] }: CatalogOptions): void {
  for (const [name, list] of Object.entries({ actions, subjects, workflows })) {
    if (!Array.isArray(list)) throw new TypeError(`createCatalog: ${name} must be a list, not ${kindOf(list)}`);
  }
}

function indexSubjects(subjects: readonly SubjectClass[]): ReadonlyMap<string, SubjectClass> {
  const byName = new Map<string, SubjectClass>();
  for (const subject of subjects) {
    if (!isSubjectClass(subject)) throw new TypeError(`subjects: every one must be made by defineSubject() (${whyStrange(subject)})`);
    const other = byName.get(subject.class);
    if (other !== undefined && other !== subject) throw new TypeError(`subject class "${subject.class}": two classes have this name`);
    byName.set(subject.class, subject);
  }
  return byName;
}

function indexWorkflows(workflows: readonly Workflow[]): ReadonlyMap<string, Workflow> {
  const byName = new Map<string, Workflow>();
  for (const workflow of workflows) {
    if (!isObject(workflow) || typeof workflow.name !== "string" || !isCompiled(workflow.input)) throw new TypeError("workflows: every one must be made by defineWorkflow() (is an import circular?)");
    if (byName.has(workflow.name) || workflow.name === BULK_WORKFLOW) throw new TypeError(`workflow "${workflow.name}": this name is taken; every workflow needs its own`);
    byName.set(workflow.name, workflow);
  }
  return byName;
}

/** What plain JavaScript has declared, and not handed to defineAction() or defineWorkflow(), has parameter types at the most. */
function isCompiled(params: unknown): boolean {
  return isObject(params) && Array.isArray(params.subjects);
}

function checkKey(key: string): void {
  const segments = key.split("/");
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new TypeError(`action "${key}": a key is one to four segments of a-z, 0-9 and single hyphens, joined by "/": "orders/approve-order"`);
  }
  const reserved = segments.find((segment) => RESERVED.has(segment));
  if (reserved !== undefined) throw new TypeError(`action "${key}": "${reserved}" is a word of the URLs and may not be a segment`);
}

function checkSubject(action: Action, subjects: ReadonlyMap<string, SubjectClass>): void {
  const { key, subject, params } = action;
  if (subject === null) return;
  checkKnown(action, subject, subjects, "its subject");
  if (params.names.includes(subject.param)) {
    throw new TypeError(`action "${key}": the parameter "${subject.param}" is named like the subject's own; give it another name`);
  }
}

function checkKnown(action: Action, subject: SubjectClass, subjects: ReadonlyMap<string, SubjectClass>, role: string): void {
  const known = subjects.get(subject.class);
  if (known === subject) return;
  if (known !== undefined) throw new TypeError(`action "${action.key}": ${role} is another class of the name "${subject.class}"; two classes may not have one name`);
  throw new TypeError(`action "${action.key}": ${role} "${subject.class}" is not among the catalog's subjects; add it there`);
}
