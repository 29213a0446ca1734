import { isObject } from "../json.ts";
import type { Mask } from "./param-code.ts";

/** What stands in a record of a call in place of a secret. */
export const MASKED = "[masked]";

/** Masks the value whole, whatever it is. */
export const maskAll: Mask = () => MASKED;

/** Where nothing is secret. */
export const maskNothing: Mask = (value) => value;

/**
 * Masks the secret fields of an object, and those that are not declared: nobody said what is in
 * them. What is no object is masked whole. Null when no field holds a secret.
 */
export function maskFields(fields: readonly { readonly name: string; readonly mask: Mask | null }[]): Mask | null {
  if (fields.every((field) => field.mask === null)) return null;
  const masks = new Map(fields.map((field) => [field.name, field.mask ?? maskNothing]));
  const maskMember = (name: string, member: unknown): unknown => (masks.get(name) ?? maskAll)(member);
  return (value) => {
    if (!isObject(value)) return maskStranger(value);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskMember(name, member)]));
  };
}

/** Masks the secrets inside each item of a list; what is no list is masked whole. */
export function maskItems(mask: Mask): Mask {
  return (value) => (Array.isArray(value) ? value.map((item: unknown) => mask(item)) : maskStranger(value));
}

/** Null may be a declared value, and tells nothing. */
function maskStranger(value: unknown): unknown {
  return value === null ? null : MASKED;
}
