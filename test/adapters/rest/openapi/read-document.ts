import assert from "node:assert/strict";
import type { HttpHandler } from "../../../../src/adapters/http/message.ts";
import { toRequest } from "../harness.ts";

/** As much of an operation as the tests look at. */
export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly $ref?: string; readonly name?: string }[];
  readonly responses: Readonly<Record<string, object>>;
}

/** As much of a document as the tests look at. */
export interface Document {
  readonly info: { readonly title: string };
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, { readonly headers?: object }>>;
    readonly parameters: Readonly<Record<string, { readonly schema?: object }>>;
    readonly securitySchemes: Readonly<Record<string, { readonly flows?: object }>>;
  };
}

/** What this handler says of itself to whoever has this token. */
export async function readDocument(handler: HttpHandler, token = "manager-token"): Promise<Document> {
  const { status, body } = await handler(toRequest({ method: "GET", path: "/api/v1/openapi.json", token }));
  assert.equal(status, 200);
  assert.ok(body !== null);
  const pieces: string[] = [];
  for await (const piece of typeof body === "string" ? [body] : body) pieces.push(piece);
  return JSON.parse(pieces.join(""));
}

/** All of them, with where they are. */
export function operationsOf({ paths }: Document): readonly { readonly method: string; readonly path: string; readonly operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ method, path, operation })));
}
