import { findSubjectRoute, type SubjectRouteKind } from "./subjects/subject-route.ts";
import { findWorkflowRoute, type WorkflowRouteKind } from "./workflows/workflow-path.ts";

/** A resource of the API, found by its path. */
export interface Route {
  readonly kind: "list" | "schema" | "bulk" | "execute" | "preview" | "audit" | "openapi" | SubjectRouteKind | WorkflowRouteKind;
  /** An action's key, a class of subjects, or a signal's name. Empty where none is named. */
  readonly key: string;
  /** What stands behind the slash after `/execute`, `/preview`, a class or `/workflows`, still percent-encoded; null when there is no slash. */
  readonly rawId: string | null;
}

const READ = ["GET", "HEAD", "OPTIONS"] as const;
const ACT = ["POST", "OPTIONS"] as const;

/** The methods of each kind of resource. */
export const METHODS: Readonly<Record<Route["kind"], readonly string[]>> = {
  list: READ,
  schema: READ,
  audit: READ,
  openapi: READ,
  subject_classes: READ,
  subject_list: READ,
  subject: READ,
  bulk: ACT,
  execute: ACT,
  preview: ACT,
  workflows: READ,
  workflow: READ,
  workflow_results: READ,
  workflow_cancel: ACT,
  workflow_signal: ACT,
};

const ID = "/{id}";

/** The path of each kind of resource, with names in the place of what varies. */
const TEMPLATES: Readonly<Record<Route["kind"], string>> = {
  list: "/api/v1/actions",
  schema: "/api/v1/actions/{key}/schema",
  audit: "/api/v1/audit",
  openapi: "/api/v1/openapi.json",
  subject_classes: "/api/v1/subjects",
  subject_list: "/api/v1/subjects/{class}",
  subject: "/api/v1/subjects/{class}/{id}",
  bulk: "/api/v1/actions/{key}/bulk",
  execute: "/api/v1/actions/{key}/execute",
  preview: "/api/v1/actions/{key}/preview",
  workflows: "/api/v1/workflows",
  workflow: "/api/v1/workflows/{id}",
  workflow_results: "/api/v1/workflows/{id}/results",
  workflow_cancel: "/api/v1/workflows/{id}/cancel",
  workflow_signal: "/api/v1/workflows/{id}/signal/{name}",
};

/** A route for figures and traces: there are few of them, whatever is asked for. */
export function templateOf({ kind, rawId }: Route): string {
  return rawId !== null && (kind === "execute" || kind === "preview") ? TEMPLATES[kind] + ID : TEMPLATES[kind];
}

const LIST = "/api/v1/actions";
const ACTIONS = `${LIST}/`;
const AUDIT = "/api/v1/audit";
const OPENAPI = "/api/v1/openapi.json";
const SLASH = 0x2f;

/**
 * Reads a path, which is compared as it came: keys are never decoded. No segment of a key is a
 * word that follows keys, so the first such word ends it and every path has one reading.
 */
export function findRoute(path: string): Route | null {
  if (path.startsWith(ACTIONS)) return findWithId(path) ?? findLast(path, "bulk") ?? findLast(path, "schema");
  if (path === LIST) return { kind: "list", key: "", rawId: null };
  if (path === AUDIT) return { kind: "audit", key: "", rawId: null };
  if (path === OPENAPI) return { kind: "openapi", key: "", rawId: null };
  return findSubjectRoute(path) ?? findWorkflowRoute(path);
}

/** From slash to slash, until one begins a word that a subject's ID may follow. */
function findWithId(path: string): Route | null {
  for (let at = ACTIONS.length - 1; at >= 0; at = path.indexOf("/", at + 1)) {
    if (isSegment(path, at, "/execute")) return toRoute("execute", path, at);
    if (isSegment(path, at, "/preview")) return toRoute("preview", path, at);
  }
  return null;
}

function isSegment(path: string, at: number, segment: string): boolean {
  const end = at + segment.length;
  return path.startsWith(segment, at) && (end === path.length || path.charCodeAt(end) === SLASH);
}

function toRoute(kind: "execute" | "preview", path: string, at: number): Route {
  const end = at + 1 + kind.length;
  return { kind, key: path.slice(ACTIONS.length, at), rawId: end === path.length ? null : path.slice(end + 1) };
}

function findLast(path: string, kind: "bulk" | "schema"): Route | null {
  const end = path.length - kind.length - 1;
  return path.endsWith(`/${kind}`) && end >= ACTIONS.length - 1 ? { kind, key: path.slice(ACTIONS.length, end), rawId: null } : null;
}
