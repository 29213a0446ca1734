/** The value of an option, a whole number from `min` to `max`, both included; else a TypeError that names the option. */
export function checkWhole(name: string, value: number, max: number, min = 1): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}
