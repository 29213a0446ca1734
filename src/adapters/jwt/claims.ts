/** What a token must say to be taken (RFC 9068 section 4, RFC 8725). All comparisons are of exact strings. */
export interface ClaimPolicy {
  readonly issuer: string;
  /** Our resource identifier: the token must be meant for it. */
  readonly audience: string;
  /** What `typ` must be, lower-case. Default `at+jwt`; so an ID token never passes for an access token. */
  readonly type?: string;
  /** How far clocks may be apart, in seconds, 0 to 60. */
  readonly skewSeconds: number;
}

/** The claims every access token has, checked. */
export interface RegisteredClaims {
  readonly iss: string;
  readonly sub: string;
  /** Seconds since the epoch. */
  readonly exp: number;
  readonly iat: number | undefined;
}

const MAX_SUBJECT_LENGTH = 255;
/** Control characters and lone surrogates have no business in a name of somebody. */
const UNFIT_FOR_A_SUBJECT = /[\p{Cc}\p{Cs}]/u;

/** The registered claims, or undefined when one is missing, of another type, out of its time or not for us. */
export function checkClaims(claims: Readonly<Record<string, unknown>>, policy: ClaimPolicy, nowMs: number): RegisteredClaims | undefined {
  const { iss, sub, exp, iat, nbf, aud } = Object.fromEntries(["iss", "sub", "exp", "iat", "nbf", "aud"].map((name) => [name, ownClaim(claims, name)]));
  if (iss !== policy.issuer || !includesAudience(aud, policy.audience)) return undefined;
  if (!isSubject(sub) || !isNumericDate(exp) || !isOptionalDate(iat) || !isOptionalDate(nbf)) return undefined;
  const now = nowMs / 1000;
  if (now >= exp + policy.skewSeconds) return undefined;
  const latestStart = now + policy.skewSeconds;
  if ((iat ?? 0) > latestStart || (nbf ?? 0) > latestStart) return undefined;
  return { iss: policy.issuer, sub, exp, iat };
}

/** A claim of its own, never one inherited from the prototype. */
export function ownClaim(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** A string, or an array of nothing but strings, that holds exactly this audience. */
export function includesAudience(aud: unknown, audience: string): boolean {
  if (typeof aud === "string") return aud === audience;
  return Array.isArray(aud) && aud.every((item) => typeof item === "string") && aud.includes(audience);
}

/** NumericDate (RFC 7519 section 2); comparisons with NaN would be false both ways, so it must be finite. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isOptionalDate(value: unknown): value is number | undefined {
  return value === undefined || isNumericDate(value);
}

function isSubject(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_SUBJECT_LENGTH && !UNFIT_FOR_A_SUBJECT.test(value);
}
