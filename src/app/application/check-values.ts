import { kindOf, requireOptionalFunction } from "../../domain/check-option.ts";
import type { Application } from "./application.ts";

/** Whether the options that are no groups have what they are for; a text in the place of a list would be taken for a list of letters. */
export function checkValues({ initialRecords, observe, clients, publicClients, users, permissions, readiness }: Application): void {
  requireOptionalFunction("initialRecords", initialRecords, "it answers a list of what recordsOf() answers");
  requireOptionalFunction("observe", observe, "it is told of everything that happens");
  checkLists("clients", clients, '["greet"]');
  checkLists("publicClients", publicClients, '["https://portal.example/callback"]');
  checkLists("users", users, '["greet"]');
  requireObject("permissions", permissions, 'sentences by permission, such as { greet: "Greet people" }');
  for (const [name, meaning] of Object.entries(permissions ?? {})) if (typeof meaning !== "string") throw new TypeError(`permissions.${name} must be a sentence, such as "Greet people"`);
  requireObject("readiness", readiness, "functions by part");
}

function checkLists(option: string, named: unknown, example: string): void {
  requireObject(option, named, `lists by name, such as { desk: ${example} }`);
  for (const [name, list] of Object.entries(named ?? {})) {
    if (!Array.isArray(list) || list.some((each) => typeof each !== "string")) throw new TypeError(`${option}.${name} must be a list of texts, such as ${example}`);
  }
}

function requireObject(option: string, value: unknown, what: string): void {
  if (value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value))) return;
  throw new TypeError(`${option} must be an object of ${what}, not ${kindOf(value)}`);
}
