/**
 * What a run can be. `created`: recorded by the action's commit; `pending`: waits for its turn; `running`;
 * `waiting`: for a time or a signal; the other four are ends. `continued`: another run goes on in its place.
 */
export const WORKFLOW_STATUSES = ["created", "pending", "running", "waiting", "completed", "failed", "continued", "cancelled"] as const;

/** One of {@link WORKFLOW_STATUSES}. */
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

const ENDS: ReadonlySet<WorkflowStatus> = new Set(["completed", "failed", "continued", "cancelled"]);

/** Will nothing happen any more? */
export function isEnd(status: WorkflowStatus): boolean {
  return ENDS.has(status);
}

/** The status of this name, or undefined when there is none of this name. */
export function toStatus(value: unknown): WorkflowStatus | undefined {
  return WORKFLOW_STATUSES.find((status) => status === value);
}
