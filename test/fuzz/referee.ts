import { Ajv2020 } from "ajv/dist/2020.js";
import type { ServedAction } from "./served-schemas.ts";

/** Says whether a schema admits a value; knows nothing of the reader that it judges. */
export type Referee = (key: string, params: unknown) => boolean;

/** A referee for the schemas of these actions. Only what is a value's own counts, as with every body. */
export function createReferee(actions: readonly ServedAction[]): Referee {
  const ajv = new Ajv2020({ ownProperties: true, validateFormats: false, strictTypes: false });
  const validators = new Map(actions.map(({ key, parameters }) => [key, ajv.compile(parameters)]));
  return (key, params) => {
    const validate = validators.get(key);
    if (validate === undefined) throw new Error(`there is no schema of "${key}"`);
    return validate(params) === true;
  };
}
