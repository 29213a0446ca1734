import type { HttpRequest } from "../../../../src/adapters/http/message.ts";

/** What a client sends. */
export interface Sent {
  /** Default: POST. */
  readonly method?: string;
  /** The request target, written as it goes over the wire. */
  readonly path: string;
  /** The token of this name; null sends none. Default: `manager-token`. */
  readonly token?: string | null;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Sent as JSON with its type. */
  readonly json?: unknown;
  /** Sent as it is, with no type but one in `headers`. */
  readonly body?: string | Uint8Array;
}

/** The request as a transport hands it over. */
export function toRequest(sent: Sent): HttpRequest {
  const bytes = bytesOf(sent);
  return {
    method: sent.method ?? "POST",
    target: sent.path,
    rawHeaders: headersOf(sent).flat(),
    body: (maxBytes) => (bytes.length > maxBytes ? null : bytes),
  };
}

/** The body. */
export function bytesOf({ json, body }: Sent): Uint8Array {
  const content = json === undefined ? (body ?? "") : JSON.stringify(json);
  return typeof content === "string" ? Buffer.from(content) : content;
}

/** The headers, but for those that belong to the connection. */
export function headersOf(sent: Sent): readonly (readonly [string, string])[] {
  const { token = "manager-token", json, headers = [] } = sent;
  return [
    ["Host", "shop.example"],
    ...(token === null ? [] : [["Authorization", `Bearer ${token}`] as const]),
    ...(json === undefined ? [] : [["Content-Type", "application/json"] as const]),
    ...headers,
  ];
}
