import type { Destination } from "./authorization-request.ts";

/**
 * The address that takes an answer back to the app: the redirect URI as it is, its query kept, with the
 * answer, the state and the issuer behind (RFC 6749 section 4.1.2, RFC 9207).
 */
export function toAnswerUri({ redirect_uri, state }: Destination, issuer: string, answer: Readonly<Record<string, string>>): string {
  const parameters = { ...answer, ...(state === null ? {} : { state }), iss: issuer };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const joint = !redirect_uri.includes("?") ? "?" : /[?&]$/.test(redirect_uri) ? "" : "&";
  return `${redirect_uri}${joint}${query}`;
}
