import { createIdentity } from "../../../domain/identity.ts";
import type { Identity } from "../../../domain/identity.ts";
import type { Observe } from "../../../domain/ports.ts";
import type { ExternalClaims, ExternalIssuer } from "./external-issuer.ts";

/** Applies the issuer's rule; what it cannot decide, decides wrongly or throws over is nobody. */
export function toExternalIdentity(issuer: ExternalIssuer, claims: ExternalClaims, observe: Observe): Identity | undefined {
  try {
    const identity = issuer.identity(claims);
    if (identity === undefined) return undefined;
    const { kind, id, name, permissions } = identity;
    if ((kind !== "client" && kind !== "user") || typeof id !== "string" || id === "" || !Array.isArray(permissions)) return undefined;
    if (!permissions.every((permission) => typeof permission === "string")) return undefined;
    return createIdentity({ kind, id, issuer: issuer.issuer, permissions, clientId: clientOf(claims), ...(name === undefined ? {} : { name }) });
  } catch (error) {
    observe({ event: "oauth.identity_rule_failed", issuer: issuer.issuer, error });
    return undefined;
  }
}

/** The app that the token was issued to: `client_id` (RFC 9068 section 2.2), or as OpenID Connect has it, `azp`. */
function clientOf({ client_id, azp }: ExternalClaims): string | undefined {
  return typeof client_id === "string" ? client_id : typeof azp === "string" ? azp : undefined;
}
