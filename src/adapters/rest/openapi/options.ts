import { requireObject, requireOptions, type Names } from "../../../domain/check-option.ts";

/** What the OpenAPI document says of the API as a whole. All of it is optional. */
export interface OpenApiOptions {
  /** What people call the API. Default `Actions`. */
  readonly title?: string;
  /** The version of the API that it describes, as you count them. Default `1.0.0`. */
  readonly version?: string;
  /** What it is for; CommonMark. Default: a sentence on actions. */
  readonly description?: string;
  /** Whom to ask. Default: whoever runs the server. */
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  /** `identifier` is an SPDX expression, `url` a page; one of them. Default: nothing is said of it. */
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  /** Where the paths begin: absolute URLs without a slash at the end. Default: the root of the server that the document came from. */
  readonly servers?: readonly { readonly url: string; readonly description?: string }[];
  /** Where tokens are got; names the client credentials flow. Default: only that a bearer token is needed. */
  readonly tokenUrl?: string;
  /** Where users consent; with `tokenUrl` it names the authorization code flow. */
  readonly authorizationUrl?: string;
  /** What each permission means, in a person's words: the scopes of both flows. Default: none are named. */
  readonly scopes?: Readonly<Record<string, string>>;
}

const OPTIONS: Names<OpenApiOptions> = { title: true, version: true, description: true, contact: true, license: true, servers: true, tokenUrl: true, authorizationUrl: true, scopes: true };

/** @throws TypeError that names the option and the remedy. */
export function checkOpenApiOptions(options: OpenApiOptions): OpenApiOptions {
  requireOptions("openapi", options, OPTIONS);
  const { title, version, description, scopes, servers, tokenUrl, authorizationUrl, license, contact } = options;
  for (const [name, value] of Object.entries({ title, version, description })) if (value !== undefined) requireText(`openapi.${name}`, value);
  for (const [name, value] of Object.entries({ contact, license, scopes })) if (value !== undefined) requireObject(`openapi.${name}`, value, "see docs/openapi.md");
  for (const [name, meaning] of Object.entries(scopes ?? {})) requireText(`openapi.scopes.${name}`, meaning);
  if (license !== undefined) requireLicense(license);
  for (const [name, value] of Object.entries({ tokenUrl, authorizationUrl, "contact.url": contact?.url })) if (value !== undefined) requireUrl(`openapi.${name}`, value);
  if (authorizationUrl !== undefined && tokenUrl === undefined) throw new TypeError("openapi.authorizationUrl needs openapi.tokenUrl beside it: where the code becomes a token");
  if (servers !== undefined) requireServers(servers);
  return options;
}

function requireLicense({ name, identifier, url }: NonNullable<OpenApiOptions["license"]>): void {
  requireText("openapi.license.name", name);
  if (identifier !== undefined && url !== undefined) throw new TypeError("openapi.license has an identifier or a url, not both");
  if (url !== undefined) requireUrl("openapi.license.url", url);
}

function requireServers(servers: NonNullable<OpenApiOptions["servers"]>): void {
  if (!Array.isArray(servers) || servers.length === 0) throw new TypeError("openapi.servers must be a list with at least one { url }; leave it out for the server itself");
  for (const { url } of servers) {
    requireUrl("openapi.servers", url);
    if (url.endsWith("/")) throw new TypeError(`openapi.servers: ${JSON.stringify(url)} must have no slash at its end, since paths begin with one`);
  }
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() === "") throw new TypeError(`${name} must be text that is not empty`);
}

function requireUrl(name: string, value: unknown): void {
  if (typeof value === "string" && /^https?:\/\/[\x21-\x7e]+$/.test(value) && URL.canParse(value)) return;
  throw new TypeError(`${name}: ${JSON.stringify(value)} must be an absolute http or https URL`);
}
