import { TooManyAttempts } from "../oauth-error.ts";
import type { OAuthError } from "../oauth-error.ts";
import { PageError } from "./pages/page-error.ts";

/** A form that no page of ours in this browser can have sent. */
export function forgedForm(): PageError {
  return new PageError(403, { name: "formRefused" });
}

/** A transaction that is not there any more, or not this browser's. */
export function endedTransaction(): PageError {
  return new PageError(400, { name: "signInEnded" });
}

/** A transaction that cannot be answered a second time. */
export function answeredTransaction(): PageError {
  return new PageError(400, { name: "answered" });
}

/** A client that is not registered, or not any more. */
export function unknownClient(): PageError {
  return new PageError(400, { name: "appUnknown" });
}

/** A refusal by the parts that these pages share with the endpoints for programs. */
export function toPageError(error: OAuthError): PageError {
  const { status, headers } = error;
  if (error instanceof TooManyAttempts) return new PageError(status, { name: "tooManyPages", waitSeconds: error.waitSeconds }, headers);
  return new PageError(status, { name: status >= 500 ? "busy" : "requestRefused" }, headers);
}
