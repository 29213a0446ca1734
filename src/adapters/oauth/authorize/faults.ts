import { PageError } from "./pages/page.ts";

/** A form that no page of ours in this browser can have sent. */
export function forgedForm(): PageError {
  return new PageError(403, "This form was not accepted", "It did not come from a page of this browser that is still open. If cookies are blocked, allow them for this site; then go back to the app and start again.");
}

/** A transaction that is not there any more, or not this browser's. */
export function endedTransaction(): PageError {
  return new PageError(400, "This sign-in has ended", "It took too long, or it was begun in another browser. Go back to the app and start again.");
}

/** A transaction that cannot be answered a second time. */
export function answeredTransaction(): PageError {
  return new PageError(400, "You have answered already", "This question was answered before. Go back to the app; if something is missing there, start again.");
}

/** A client that was known when the transaction was opened. */
export function vanishedClient(): PageError {
  return new PageError(400, "This app is not known here", "The app that sent you here has been switched off. Tell the people who run the app.");
}
