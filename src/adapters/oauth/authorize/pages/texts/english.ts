/**
 * Every sentence of the pages for people, in English. The names in braces are filled in: a translation must have the same ones.
 * The other dictionaries have these keys and no others.
 */
export const ENGLISH = {
  /** Heading and button of the page that asks for name and password. */
  signIn: "Sign in",
  /** Below that heading. */
  continueTo: "to continue to “{app}”",
  name: "Name",
  password: "Password",
  /** The same whether the name or the password was wrong, so that nobody learns which names there are. */
  signInRefused: "The name or the password is not right. Please try again.",
  /** `{wait}` is a number of minutes with its unit, as the language writes it: `15 minutes`. */
  signInThrottled: "Too many sign-in attempts. Try again in {wait}.",
  signInBusy: "The server is busy. Please try again in a moment.",
  /** Title of the window when a form comes back with an error, which a screen reader reads first. */
  titleWithError: "Error: {title}",

  /** Heading of the page that asks for consent. */
  asksForAccess: "“{app}” asks for access",
  /** Introduces the list of what the app may do. */
  onYourBehalf: "If you allow it, “{app}” may do this on your behalf:",
  /** In place of that list: the app asks for no scope, or for all. */
  everything: "Everything that you may do here",
  returnTo: "Afterwards you go back to {host}.",
  /** In place of `returnTo`: any program on the user's machine can listen there. */
  ownDevice: "This app runs on your own device ({host}). Go on only if you have just started it yourself.",
  allow: "Allow",
  deny: "Deny",
  signedInAs: "Signed in as {user}",
  switchUser: "Not you?",

  /** The link to `support`, below every page. */
  support: "Get help",
  /** Below an error that only the log explains. */
  requestNumber: "Request {id}",

  linkIncompleteTitle: "The link is incomplete",
  /** `{parameter}` is `client_id` or `redirect_uri`. */
  linkIncompleteText: "The address of this page does not say {parameter}, which the app should have put there. Go back to the app and start again. If that does not help, tell the people who run the app.",
  linkBrokenTitle: "This link is broken",
  linkBrokenText: "The address of this page is damaged. Go back to the app and start again.",
  appUnknownTitle: "This app is not known here",
  appUnknownText: "The app that sent you here is not registered, or has been switched off. Tell the people who run the app.",
  returnAddressTitle: "This app's return address is not registered",
  returnAddressText: "The app wants you to be sent back to an address that it has not registered here, so you have not been sent there. Tell the people who run the app.",
  formRefusedTitle: "This form was not accepted",
  formRefusedText: "It did not come from a page of this browser that is still open. If cookies are blocked, allow them for this site; then go back to the app and start again.",
  signInEndedTitle: "This sign-in has ended",
  signInEndedText: "It took too long, or it was begun in another browser. Go back to the app and start again.",
  answeredTitle: "You have answered already",
  answeredText: "This question was answered before. Go back to the app; if something is missing there, start again.",
  tooManyPagesTitle: "Please wait a moment",
  tooManyPagesText: "This page was opened too often from your network. Try again in {wait}.",
  requestRefusedTitle: "This request cannot be answered",
  requestRefusedText: "Your browser sent something that this page does not take. Go back to the app and start again.",
  busyTitle: "Please try again later",
  busyText: "The server cannot answer now. Try again in a moment.",
  serverErrorTitle: "Something went wrong",
  serverErrorText: "The server made a mistake; it was not yours. Please try again. If it happens again, tell the people who run this server.",
} as const;
