import { LIMITS, PRIORITIES } from "./order.ts";

/** The parameters as JSON Schema: for ajv, alone and in Fastify. */
export const AMENDMENT_SCHEMA = {
  type: "object",
  properties: {
    reason: { type: "string", maxLength: LIMITS.reason },
    priority: { type: "string", enum: PRIORITIES },
    discount: { type: "number", minimum: 0, maximum: 1 },
    notify: { type: "boolean" },
    lines: {
      type: "array",
      minItems: 1,
      maxItems: LIMITS.lines,
      items: {
        type: "object",
        properties: {
          product: { type: "integer", minimum: 1 },
          quantity: { type: "integer", minimum: 1, maximum: LIMITS.quantity },
          unit_price: { type: "number", minimum: 0, maximum: LIMITS.price },
        },
        required: ["product", "quantity", "unit_price"],
        additionalProperties: false,
      },
    },
  },
  required: ["reason", "priority", "discount", "notify", "lines"],
  additionalProperties: false,
} as const;

/** The answer, for Fastify: it writes JSON faster when it knows what is in it. */
export const ANSWER_SCHEMA = {
  type: "object",
  properties: {
    success: { type: "boolean" },
    message: { type: "string" },
    data: {
      type: "object",
      properties: {
        id: { type: "integer" },
        title: { type: "string" },
        customer: { type: "string" },
        ...AMENDMENT_SCHEMA.properties,
        total: { type: "number" },
        revision: { type: "integer" },
        amended_at: { type: "string" },
      },
    },
  },
} as const;
