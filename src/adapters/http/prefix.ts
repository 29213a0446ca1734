/**
 * Takes a prefix such as `/backend` off request targets. What does not begin with it stays as it is, and is found nowhere.
 * @throws TypeError on one that is no path of whole segments, or ends with a slash.
 */
export function createPrefix(prefix: string): (target: string) => string {
  if (prefix === "") return (target) => target;
  if (typeof prefix !== "string" || !/^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(prefix)) {
    throw new TypeError(`prefix: ${JSON.stringify(prefix)} is no path; write it with a slash before it and none behind, such as "/backend"`);
  }
  return (target) => (target.startsWith(prefix) && (target.length === prefix.length || "/?".includes(target.charAt(prefix.length))) ? target.slice(prefix.length) || "/" : target);
}
