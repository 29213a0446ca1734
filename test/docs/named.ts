import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "./pages.ts";

/** Every word that stands as code in a page: in a block, or between backticks. */
export function codeWordsOf({ text, blocks }: Page): ReadonlySet<string> {
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  return new Set([...blocks.map((block) => block.text), ...inline].join("\n").match(/[\w$]+/g));
}

/** An interface that a module exports, and the properties that whoever gives one may set. */
export interface OptionsInterface {
  readonly name: string;
  readonly properties: readonly string[];
}

/** The interfaces that people fill in, as an entry point exports them: options, definitions, limits. */
export function optionInterfacesOf(entry: string): readonly OptionsInterface[] {
  return exportedTypes(entry).flatMap(({ name, path }) => {
    const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(readFileSync(path, "utf8"))?.[1];
    if (body === undefined || !TO_FILL_IN.test(name)) return [];
    const members = body.replaceAll(/\/\*[\s\S]*?\*\//g, "").matchAll(/^ {2}(?:readonly )?(\w+)\??[(:<]/gm);
    return [{ name, properties: [...members].map(([, property = ""]) => property) }];
  });
}

const TO_FILL_IN = /(?:Options|Settings|Limits|Definition|Bounds|Policy|Registration|Cost)$|^(?:Application|FirstIdentities|FirstCall|ActionExample|ExternalIssuer|JwksIssuer|IntrospectionIssuer|BulkInput|BulkCall|ExecuteCall|AuditQuery|AuditFollowQuery|SubjectQuery|WorkflowQuery)$/;

interface ExportedType {
  readonly name: string;
  /** The file that declares it. */
  readonly path: string;
}

/** The names that a module exports, each with the file that declares it. */
function exportedTypes(path: string): readonly ExportedType[] {
  const source = readFileSync(path, "utf8");
  const beside = (from: string) => join(dirname(path), from);
  const own = [...source.matchAll(/^export interface (\w+)/gm)].map(([, name = ""]) => ({ name, path }));
  const listed = [...source.matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)"/gm)].flatMap(([, names = "", from = ""]) =>
    names.split(",").map((name) => ({ name: name.trim().replace(/^type /, "").replace(/ as .*$/, ""), path: beside(from) })),
  );
  const starred = [...source.matchAll(/^export \* from "([^"]+)"/gm)].flatMap(([, from = ""]) => exportedTypes(beside(from)));
  return [...own, ...listed.filter(({ name }) => name !== ""), ...starred];
}
