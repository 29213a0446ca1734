/** The headers of one request. One that did not come is `undefined`; of one that came several times, all values are joined by a comma (RFC 9110 section 5.3). */
export interface HeaderIndex {
  readonly authorization: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentLength: string | undefined;
  readonly contentType: string | undefined;
  readonly expect: string | undefined;
  readonly host: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly ifMatch: string | undefined;
  readonly requestId: string | undefined;
  readonly traceparent: string | undefined;
  readonly transferEncoding: string | undefined;
  /** Did one of those come more than once? */
  readonly hasRepeats: boolean;
  /** Any header, by lower-case name. */
  get(name: string): string | undefined;
  /** Did this header (lower-case name) come more than once? */
  repeated(name: string): boolean;
}

/**
 * Reads name, value, name, value, … once: what every request is asked for gets a field, the rest is
 * looked for when somebody asks. No name becomes a property, so that a header named `__proto__` or
 * `constructor` is a header like any other (CVE-2026-21710).
 */
export function indexHeaders(rawHeaders: readonly string[]): HeaderIndex {
  return new RawHeaders(rawHeaders);
}

class RawHeaders implements HeaderIndex {
  readonly #raw: readonly string[];
  authorization: string | undefined = undefined;
  contentEncoding: string | undefined = undefined;
  contentLength: string | undefined = undefined;
  contentType: string | undefined = undefined;
  expect: string | undefined = undefined;
  host: string | undefined = undefined;
  idempotencyKey: string | undefined = undefined;
  ifMatch: string | undefined = undefined;
  requestId: string | undefined = undefined;
  traceparent: string | undefined = undefined;
  transferEncoding: string | undefined = undefined;
  hasRepeats = false;

  constructor(raw: readonly string[]) {
    this.#raw = raw;
    for (let at = 0; at + 1 < raw.length; at += 2) this.#note(raw[at] ?? "", raw[at + 1] ?? "");
  }

  get(name: string): string | undefined {
    const raw = this.#raw;
    const separator = name === "cookie" ? "; " : ", ";
    let found: string | undefined;
    for (let at = 0; at + 1 < raw.length; at += 2) {
      if (isCalled(raw[at] ?? "", name)) found = found === undefined ? raw[at + 1] : `${found}${separator}${raw[at + 1] ?? ""}`;
    }
    return found;
  }

  repeated(name: string): boolean {
    const raw = this.#raw;
    let count = 0;
    for (let at = 0; at + 1 < raw.length; at += 2) if (isCalled(raw[at] ?? "", name)) count++;
    return count > 1;
  }

  #note(name: string, value: string): void {
    if (isCalled(name, "host")) this.host = this.#join(this.host, value);
    else if (isCalled(name, "authorization")) this.authorization = this.#join(this.authorization, value);
    else if (isCalled(name, "content-type")) this.contentType = this.#join(this.contentType, value);
    else if (isCalled(name, "content-length")) this.contentLength = this.#join(this.contentLength, value);
    else if (isCalled(name, "x-request-id")) this.requestId = this.#join(this.requestId, value);
    else if (isCalled(name, "traceparent")) this.traceparent = this.#join(this.traceparent, value);
    else if (isCalled(name, "idempotency-key")) this.idempotencyKey = this.#join(this.idempotencyKey, value);
    else if (isCalled(name, "content-encoding")) this.contentEncoding = this.#join(this.contentEncoding, value);
    else if (isCalled(name, "transfer-encoding")) this.transferEncoding = this.#join(this.transferEncoding, value);
    else if (isCalled(name, "if-match")) this.ifMatch = this.#join(this.ifMatch, value);
    else if (isCalled(name, "expect")) this.expect = this.#join(this.expect, value);
  }

  #join(earlier: string | undefined, value: string): string {
    if (earlier === undefined) return value;
    this.hasRepeats = true;
    return `${earlier}, ${value}`;
  }
}

/** The length is compared first: nearly always that settles it. */
function isCalled(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && name.toLowerCase() === lowerCase;
}
