/** A variable that says how long something takes, in seconds: 1 to 86,400. */
export function readSeconds(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 86_400) return value;
  throw new TypeError(`${name} must be a whole number of seconds from 1 to 86400, not ${JSON.stringify(text)}`);
}
