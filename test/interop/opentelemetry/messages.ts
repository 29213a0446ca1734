/** A span that has ended, as the process tells of it. */
export interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What the process says first. */
export interface Served {
  readonly url: string;
  readonly metricsUrl: string;
  /** Of a client that may do everything. */
  readonly token: string;
}

export type Message = { readonly served: Served } | { readonly span: ToldSpan };
