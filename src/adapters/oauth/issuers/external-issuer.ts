import type { IdentityKind } from "../../../domain/identity.ts";
import { ALGORITHMS } from "../../jwt/algorithms.ts";
import { isLoopbackHost } from "../loopback.ts";

/** Whom a foreign token speaks for, by the rule of its issuer. */
export interface ExternalIdentity {
  readonly kind: IdentityKind;
  /** The ID within the issuer; together with the issuer it names the identity, never alone. */
  readonly id: string;
  readonly name?: string;
  readonly permissions: readonly string[];
}

/** The claims of a checked token, or an introspection answer. */
export type ExternalClaims = Readonly<Record<string, unknown>>;

interface IssuerRule {
  /** Exactly what stands in `iss`. */
  readonly issuer: string;
  /** What must stand in `aud` for a token to be meant for this API. */
  readonly audience: string;
  /**
   * The rule that says which kind of identity a token is and where its permissions come from. Undefined
   * refuses the token; so does a throw. There is no default: guessing the kind makes apps into people.
   */
  readonly identity: (claims: ExternalClaims) => ExternalIdentity | undefined;
}

/** An issuer whose tokens are JWTs that we verify with its published keys. */
export interface JwksIssuer extends IssuerRule {
  /** https (http on loopback only); never taken from a token. */
  readonly jwksUri: string;
  /** What its tokens may be signed with, such as `["RS256"]`. */
  readonly algorithms: readonly string[];
  /** What `typ` must be. Default `at+jwt` (RFC 9068). Set `JWT` only for an issuer whose ID tokens can never carry this audience. */
  readonly type?: string;
}

/** An issuer that is asked about each token (RFC 7662), at most once a minute. */
export interface IntrospectionIssuer extends IssuerRule {
  readonly introspection: {
    readonly url: string;
    readonly client_id: string;
    readonly client_secret: string;
  };
  /** Are its tokens opaque? Then it is asked about every token that is no JWT; one issuer at most. Default false. */
  readonly opaque?: boolean;
}

/** An identity provider whose tokens are taken as well. */
export type ExternalIssuer = JwksIssuer | IntrospectionIssuer;

/** Throws a TypeError that names the option and the remedy. */
export function checkExternalIssuers(issuers: readonly ExternalIssuer[], ownIssuer: string | undefined): readonly ExternalIssuer[] {
  const names = new Set(ownIssuer === undefined ? [] : [ownIssuer]);
  for (const [index, issuer] of issuers.entries()) {
    const at = `issuers[${index}]`;
    requireThat(isHttpsUrl(issuer.issuer), `${at}.issuer must be an https URL, exactly as it stands in iss`);
    requireThat(!names.has(issuer.issuer), `${at}.issuer is there twice, or is this server itself`);
    names.add(issuer.issuer);
    requireThat(issuer.audience !== "", `${at}.audience must name this API`);
    requireThat(typeof issuer.identity === "function", `${at}.identity must be a function from claims to an identity`);
    if ("jwksUri" in issuer) {
      requireThat(isHttpsUrl(issuer.jwksUri), `${at}.jwksUri must be an https URL`);
      requireThat(issuer.algorithms.length > 0 && issuer.algorithms.every((name) => ALGORITHMS.has(name)), `${at}.algorithms must be of ${[...ALGORITHMS.keys()].join(", ")}`);
    } else {
      requireThat(isHttpsUrl(issuer.introspection.url), `${at}.introspection.url must be an https URL`);
    }
  }
  requireThat(issuers.filter((issuer) => "opaque" in issuer && issuer.opaque === true).length <= 1, "issuers: one issuer at most may be opaque");
  return issuers;
}

function isHttpsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  return username === "" && (protocol === "https:" || (protocol === "http:" && isLoopbackHost(hostname)));
}

function requireThat(condition: boolean, remedy: string): void {
  if (!condition) throw new TypeError(remedy);
}
