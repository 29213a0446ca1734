import type { Trace, Traced, TracedIdentity } from "../../domain/observation/tracing.ts";

/** A request and its answer, for whoever follows it. The answer has ended when it is ready to be written: of a stream, when it begins. */
export interface TracedRequest extends Traced {
  /** As it came: it may be anything. */
  readonly method: string;
  readonly requestId: string;
  /** The header beside a valid `traceparent`, as it came. */
  readonly tracestate: string | undefined;
  /** Which resource it is, as a template such as `/api/v1/actions/{key}/execute/{id}`; null: none that there is. */
  route: string | null;
  /** Whose token it brought, once that is known. */
  identity: TracedIdentity | null;
  /** The status of the answer. */
  status: number | null;
}

/** Who follows requests: null while nobody does. */
export interface RequestTracing {
  readonly request: Trace<TracedRequest> | null;
}

/** Nobody follows them. */
export const UNTRACED_REQUESTS: RequestTracing = { request: null };
