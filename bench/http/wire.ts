/** One call of the job. */
export interface Call {
  readonly action: string;
  readonly id: number;
  /** Of no type: it may be wrong on purpose. */
  readonly amendment: unknown;
}

/** How a call looks on the wire, and where the answer is in what comes back. */
export interface Wire {
  toPath(call: Call): string;
  toBody(call: Call): unknown;
  toAnswer(body: unknown): unknown;
}

/** The subject in the path, the parameters as the body. */
const rest: Wire = {
  toPath: ({ action, id }) => `/api/v1/actions/orders/${action}/execute/${id}`,
  toBody: ({ amendment }) => amendment,
  toAnswer: (body) => body,
};

const trpc: Wire = {
  toPath: ({ action }) => `/orders.${action}`,
  toBody: ({ id, amendment }) => ({ id: String(id), amendment }),
  toAnswer: (body) => memberOf(memberOf(body, "result"), "data"),
};

const orpc: Wire = {
  toPath: ({ action }) => `/rpc/orders/${action}`,
  toBody: ({ id, amendment }) => ({ json: { id: String(id), amendment } }),
  toAnswer: (body) => memberOf(body, "json"),
};

export const WIRES = { rest, trpc, orpc } as const;
export type WireName = keyof typeof WIRES;

function memberOf(value: unknown, name: string): unknown {
  return Object(value)[name];
}
