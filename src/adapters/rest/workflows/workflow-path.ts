/** `/api/v1/workflows` and what is below it. */
export type WorkflowRouteKind = "workflows" | "workflow" | "workflow_results" | "workflow_cancel" | "workflow_signal";

/** One of them: its ID is still percent-encoded, and `key` is a signal's name. */
export interface WorkflowRoute {
  readonly kind: WorkflowRouteKind;
  readonly key: string;
  readonly rawId: string | null;
}

const WORKFLOWS = "/api/v1/workflows";
const BELOW = `${WORKFLOWS}/`;

/** What may stand behind a run's ID. */
const PARTS: ReadonlyMap<string, WorkflowRouteKind> = new Map([
  ["results", "workflow_results"],
  ["cancel", "workflow_cancel"],
]);

/** Reads a path below `/api/v1/workflows`: an ID has no slash, so every path has one reading. Null for any other path. */
export function findWorkflowRoute(path: string): WorkflowRoute | null {
  if (path === WORKFLOWS) return { kind: "workflows", key: "", rawId: null };
  if (!path.startsWith(BELOW)) return null;
  const [rawId = "", part, name, ...more] = path.slice(BELOW.length).split("/");
  if (rawId === "" || more.length > 0) return null;
  if (part === undefined) return { kind: "workflow", key: "", rawId };
  if (part === "signal") return name === undefined || name === "" ? null : { kind: "workflow_signal", key: name, rawId };
  const kind = PARTS.get(part);
  return kind === undefined || name !== undefined ? null : { kind, key: "", rawId };
}
