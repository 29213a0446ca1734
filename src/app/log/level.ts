/** How much an event matters, the most first. */
const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The events of each level; every other event is `info`. docs/operations.md says the same; a test compares. */
export const EVENTS_BY_LEVEL: Readonly<Record<Exclude<LogLevel, "info">, readonly string[]>> = {
  error: [
    "internal_error", "store_unavailable", "stop_failed", "store_full", "store_write_failed", "store_poisoned", "store_compaction_failed", "workflow_lease_not_renewed",
    "workflow_changed", "oauth.code_replayed", "oauth.refresh_token_reused", "oauth.refresh_token_of_another_client", "oauth.store_failed", "oauth.authentication_failed",
  ],
  warn: [
    "handler_timed_out", "turn_timed_out", "workflow_started_before_open", "refusal_budget_spent", "refusals_not_listed", "connection_dropped", "store_torn_tail", "store_notify_failed", "store_sweep_failed", "workflow_look_failed", "workflow_failed",
    "workflow_step_failed", "workflow_interrupted", "workflow_step_stopped", "workflow_signal_refused", "oauth.client_refused", "oauth.sign_in_failed", "oauth.issuer_unavailable",
    "oauth.identity_rule_failed", "admin_channel_unavailable", "log_lines_dropped", "not_ready",
  ],
  debug: ["request"],
};

const LEVELS: ReadonlyMap<string, LogLevel> = new Map(LOG_LEVELS.flatMap((level) => (level === "info" ? [] : EVENTS_BY_LEVEL[level].map((event) => [event, level] as const))));

/** How much an event matters. */
export function levelOf(event: string): LogLevel {
  return LEVELS.get(event) ?? "info";
}

/** Which events are logged: all that matter as much as `level`, and every request if so wanted. */
export function createFilter(level: LogLevel, requests: boolean): (event: string) => boolean {
  const least = LOG_LEVELS.indexOf(level);
  const shown = new Map([...LEVELS].map(([event, itsLevel]) => [event, LOG_LEVELS.indexOf(itsLevel) <= least || (requests && event === "request")]));
  const isInfoShown = least >= LOG_LEVELS.indexOf("info");
  return (event) => shown.get(event) ?? isInfoShown;
}
