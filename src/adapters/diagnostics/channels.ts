/** The names of the channels. All but the last are tracing channels: `tracing:actionport.request:start`, `:end`, `:asyncStart`, `:asyncEnd`, `:error`. */
export const CHANNELS = {
  request: "actionport.request",
  execution: "actionport.execution",
  commit: "actionport.commit",
  step: "actionport.workflow.step",
  /** A channel for `diagnostics_channel.subscribe`: a run begins, or ends. */
  run: "actionport.workflow.run",
} as const;
