/** Those that turn the direction of the text around them, or end a line, would let an app call itself something else on the page that asks for consent. */
const NAME = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,200}$/u;
const PERMISSION = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

/** Is it fit to name a client or a user to people? */
export function isName(text: string): boolean {
  return NAME.test(text) && text.trim() === text;
}

/** Is it fit to name a permission or a role, and so to stand in a scope (RFC 6749 section 3.3)? */
export function isPermission(text: string): boolean {
  return PERMISSION.test(text);
}
