import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Sent } from "../../adapters/rest/transports/sent.ts";
import type { Received } from "../../adapters/rest/transports/transports.ts";

/** A JSON value that is looked at and not known. */
type Node = Readonly<Record<string, unknown>>;

/** Fails for an answer that the document does not describe: its path, method, status, media type, headers and body. */
export type CheckAnswer = (sent: Sent, received: Received) => void;

/** ajv in strict mode, and a document in it under the name `document`. */
export function openAjv(document: Node): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  formats.default(ajv);
  // What stands around the schemas is no schema.
  ajv.addVocabulary(["openapi", "info", "servers", "security", "tags", "paths", "components"]);
  return ajv.addSchema(document, "document");
}

/** Every answer against one document. */
export function createCheck(document: Node): CheckAnswer {
  const ajv = openAjv(document);
  const validate = (pointer: string, value: unknown): void => {
    const check = ajv.compile({ $ref: `document#${pointer}` });
    assert.ok(check(value), `${pointer}: ${ajv.errorsText(check.errors)}\n${JSON.stringify(value)}`);
  };
  return (sent, received) => {
    if (sent.method === "OPTIONS") return assert.ok(received.status === 204 || received.status >= 400);
    const pointer = findResponse(document, sent, received);
    const response = follow(document, pointer);
    checkHeaders(response.node, response.pointer, received, validate);
    if (sent.method !== "HEAD") checkBody(response.node, response.pointer, received, validate);
  };
}

/** Where the document speaks of this answer. */
function findResponse(document: Node, { method = "POST", path }: Sent, { status }: Received): string {
  const paths = child(document, "paths");
  const plain = path.split("?")[0] ?? "";
  const template = Object.keys(paths).find((each) => toPattern(each).test(plain)) ?? Object.keys(paths).find((each) => isSibling(each, plain));
  if (template === undefined) {
    assert.ok(status >= 400, `${method} ${path} is not in the document, and was answered ${status}`);
    return responseOf(document, toPointer(anyTemplate(paths), paths), status);
  }
  return responseOf(document, toPointer(template, paths, method === "HEAD" ? "get" : method.toLowerCase()), status);
}

/** What is nowhere has the failures that are everywhere; `unknown_action` and `not_found` are those of an action. */
function anyTemplate(paths: Node): string {
  return Object.keys(paths).find((each) => each.includes("/execute")) ?? assert.fail("no action");
}

function toPointer(template: string, paths: Node, method?: string): string {
  const item = child(paths, template);
  const known = method !== undefined && method in item ? method : Object.keys(item)[0];
  return `/paths/${escape(template)}/${known}/responses`;
}

function responseOf(document: Node, responses: string, status: number): string {
  const { node } = follow(document, responses);
  const key = String(status) in node ? String(status) : [408, 417, 431, 501, 505].includes(status) ? "default" : assert.fail(`${responses} has no ${status}`);
  return `${responses}/${key}`;
}

/** A subject's ID may have slashes in it, as sent; any other parameter is one segment. */
function toPattern(template: string): RegExp {
  const source = template.replaceAll(".", "\\.").replace(/(\/(?:execute|preview|subjects\/[^/]+))\/\{\w+\}$/, "$1/.*").replace(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${source}$`);
}

/** The same call with a subject too many, or without the one that it needs. */
function isSibling(template: string, path: string): boolean {
  const stem = /^(.*\/(?:execute|preview))(?:\/\{\w+\})?$/.exec(template)?.[1];
  if (stem !== undefined) return path === stem || path.startsWith(`${stem}/`);
  return path.endsWith("/bulk") && template === path.replace(/\/bulk$/, "/execute");
}

function checkHeaders(response: Node, pointer: string, { headers }: Received, validate: (pointer: string, value: unknown) => void): void {
  for (const [name, header] of Object.entries(child(response, "headers"))) {
    assert.ok(typeof header === "object" && header !== null && "$ref" in header, `${pointer}: ${name}`);
    const at = String(header.$ref).slice(1);
    const value = headers[name.toLowerCase()];
    if (value === undefined) continue;
    validate(`${at}/schema`, name === "Retry-After" ? Number(value) : value);
  }
  assert.ok(headers["x-request-id"] !== undefined);
  if ("Retry-After" in child(response, "headers")) assert.ok(headers["retry-after"] !== undefined, "Retry-After is missing");
}

function checkBody(response: Node, pointer: string, { headers, text }: Received, validate: (pointer: string, value: unknown) => void): void {
  const mediaType = (headers["content-type"] ?? "").split(";")[0] ?? "";
  const content = child(response, "content");
  assert.ok(mediaType in content, `${pointer} has no ${mediaType}`);
  const schema = `${pointer}/content/${escape(mediaType)}/schema`;
  if (mediaType.endsWith("json") && mediaType !== "application/x-ndjson") return validate(schema, JSON.parse(text));
  validate(schema, text);
  if (mediaType !== "application/x-ndjson") return;
  for (const line of text.split("\n").filter((each) => each !== "")) validate(`${schema}/contentSchema`, JSON.parse(line));
}

function follow(document: Node, pointer: string): { readonly node: Node; readonly pointer: string } {
  const node = pointer.split("/").slice(1).reduce<Node>((at, name) => child(at, unescape(name)), document);
  return typeof node["$ref"] === "string" ? follow(document, node["$ref"].slice(1)) : { node, pointer };
}

function child(node: Node, name: string): Node {
  const found = node[name];
  assert.ok(isNode(found), `there is no ${name}`);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

/** RFC 6901, and once more for a URI fragment. */
function escape(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("{", "%7B").replaceAll("}", "%7D");
}

function unescape(name: string): string {
  return decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
}
