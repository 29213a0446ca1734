/** What a terminal would obey, a reader take for a line of ours, or what turns the direction of the text around it. A tab and the end of a line are left alone. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Such characters as `\u001b`: in a string of JSON that is the same string. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
