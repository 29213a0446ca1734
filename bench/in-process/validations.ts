import { Ajv2020 } from "ajv/dist/2020.js";
import * as v from "valibot";
import { compileParams } from "../../src/domain/index.ts";
import { readAmendment } from "../job/by-hand.ts";
import { AMENDMENT_SCHEMA } from "../job/json-schema.ts";
import { createAmendment, TOKENS } from "../job/order.ts";
import { AMENDMENT_PARAMS } from "../job/ours.ts";
import { valibotAmendment } from "../job/valibot.ts";
import { zodAmendment } from "../job/zod.ts";
import type { Work } from "./cases.ts";

const BODIES: readonly unknown[] = Array.from({ length: TOKENS }, (_, index) => createAmendment(index));

export function handWrittenValidation(): Work {
  return validate((body) => readAmendment(body) !== null);
}

export function oursValidation(): Work {
  const compiled = compileParams(AMENDMENT_PARAMS);
  return validate((body) => compiled.parse(body).ok);
}

/** Says yes or no and makes no copy, as by hand. */
export function ajv(): Work {
  const compiled = new Ajv2020().compile(AMENDMENT_SCHEMA);
  return validate((body) => compiled(body));
}

export function zod(): Work {
  return validate((body) => zodAmendment.safeParse(body).success);
}

export function valibot(): Work {
  return validate((body) => v.safeParse(valibotAmendment, body).success);
}

function validate(isValid: (body: unknown) => boolean): Work {
  return {
    waits: false,
    call(index) {
      if (!isValid(BODIES[index % TOKENS])) throw new Error("Valid parameters were refused.");
    },
  };
}
