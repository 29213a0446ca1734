// Compiled, never run: what TypeScript must infer from a declaration, and what it must refuse.
import { boolean, compileParams, date, dateTime, integer, list, money, number, object, oneOf, reference, standardParams, text } from "../../src/domain/params/index.ts";
import type { InferParams, InferParamsInput, OutputOf, Param, StandardSchema } from "../../src/domain/params/index.ts";
import { integerId, patternId } from "../../src/domain/catalog/subject-id.ts";
import { defineSubject } from "../../src/domain/catalog/define-subject.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Same<A, B>): void {}

interface Product {
  readonly id: number;
  readonly name: string;
}
interface Customer {
  readonly id: string;
  readonly company: string;
}
const Product = defineSubject({ class: "shop.Product", param: "product", id: integerId(), title: (product: Product) => product.name });
const Customer = defineSubject({ class: "shop.Customer", param: "customer", id: patternId(/^[A-Z]{5}$/), title: (customer: Customer) => customer.company });

// Each type.
same<OutputOf<ReturnType<typeof text>>, string>(true);
same<OutputOf<ReturnType<typeof integer>>, number>(true);
same<OutputOf<ReturnType<typeof number>>, number>(true);
same<OutputOf<ReturnType<typeof money>>, string>(true);
same<OutputOf<ReturnType<typeof boolean>>, boolean>(true);
same<OutputOf<ReturnType<typeof date>>, string>(true);
same<OutputOf<ReturnType<typeof dateTime>>, string>(true);

const shape = {
  reason: text({ max: 500 }).optional(),
  notes: text().nullable().optional(),
  approved: boolean(),
  price: money({ min: "0.01" }),
  shipper: oneOf(["air", "sea"]).default("air"),
  due: date().nullable().default(null),
  customer: reference(Customer),
  lines: list(object({ product: reference(Product), quantity: integer({ min: 1 }), discount: number().default(0), note: text().optional() }), { max: 100 }).optional(),
};
const compiled = compileParams(shape);

same<
  InferParams<typeof shape>,
  {
    readonly reason?: string;
    readonly notes?: string | null;
    readonly approved: boolean;
    readonly price: string;
    readonly shipper: "air" | "sea";
    readonly due: string | null;
    readonly customer: Customer;
    readonly lines?: readonly { readonly product: Product; readonly quantity: number; readonly discount: number; readonly note?: string }[];
  }
>(true);

same<
  InferParamsInput<typeof shape>,
  {
    readonly reason?: string;
    readonly notes?: string | null;
    readonly approved: boolean;
    readonly price: string | number;
    readonly shipper?: "air" | "sea";
    readonly due?: string | null;
    readonly customer: string;
    readonly lines?: readonly { readonly product: string | number; readonly quantity: number; readonly discount?: number; readonly note?: string }[];
  }
>(true);

same<InferParams<{}>, {}>(true);
same<InferParams<{ reason: Param<string, "optional"> }>, { readonly reason?: string }>(true);

// The order of the methods does not matter.
same<InferParams<{ a: ReturnType<typeof optionalThenDefault> }>, { readonly a: string }>(true);
same<InferParams<{ a: ReturnType<typeof defaultThenOptional> }>, { readonly a: string }>(true);
const optionalThenDefault = () => text().optional().default("x").describe("A text.");
const defaultThenOptional = () => text().default("x").optional();

const parsed = compiled.parse({});
if (parsed.ok) {
  const { value } = parsed;
  same<typeof value.customer.company, string>(true);
  // @ts-expect-error What is optional may be absent.
  value.reason.length;
  // @ts-expect-error What is nullable may be null.
  value.due.length;
  // @ts-expect-error No such parameter.
  value.reasons;
  // @ts-expect-error Parameters are read-only.
  value.price = "1.00";
  // @ts-expect-error Lists are read-only.
  value.lines?.push();
  // @ts-expect-error Not one of the choices.
  value.shipper === "rail";
  // @ts-expect-error An optional property is absent or a text, never undefined.
  ({ ...value, reason: undefined }) satisfies InferParams<typeof shape>;
} else {
  same<typeof parsed.errors, Readonly<Record<string, readonly string[]>>>(true);
  // @ts-expect-error Faulty parameters have no value.
  parsed.value;
}

// @ts-expect-error No such option.
text({ maximum: 5 });
// @ts-expect-error A bound of a number is a number.
integer({ min: "1" });
// @ts-expect-error A default is what a caller could send.
integer().default("1");
// @ts-expect-error Null is no default unless it is declared.
text().default(null);
// @ts-expect-error Not one of the choices.
oneOf(["air", "sea"]).default("rail");
// @ts-expect-error A choice is a text.
oneOf(["air", 5]);
// @ts-expect-error An item of a list cannot be left out.
list(text().optional());
// @ts-expect-error Nor have a default.
list(text().default("x"));
// @ts-expect-error A record is no subject class.
reference({ id: 1 });
// @ts-expect-error A pattern's IDs are texts.
reference(Customer).default(5);
// @ts-expect-error A parameter type is no shape.
compileParams(text());
// @ts-expect-error A shape holds parameter types.
compileParams({ reason: "text" });

// A Standard Schema brings its types.
declare const vendor: StandardSchema<{ readonly at: string }, { readonly at: Date }>;
same<InferParams<typeof vendor>, { readonly at: Date }>(true);
same<InferParamsInput<typeof vendor>, { readonly at: string }>(true);
const described = standardParams(vendor, { schema: { type: "object", properties: { at: { type: "string" } } } });
same<InferParams<typeof described>, { readonly at: Date }>(true);
const fromVendor = compileParams(vendor);
export async function parseByVendor(): Promise<void> {
  const awaited = await fromVendor.parse({});
  if (awaited.ok) same<typeof awaited.value, { readonly at: Date }>(true);
}
