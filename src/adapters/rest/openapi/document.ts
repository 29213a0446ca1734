import type { Actions } from "../../../domain/actions.ts";
import type { Asking } from "../../../domain/execution/execution-ports.ts";
import type { Identity } from "../../../domain/identity.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { isPromiseLike, type MaybePromise } from "../../../domain/maybe-promise.ts";
import type { SubjectDescription } from "../../../domain/subjects/describe-subject.ts";
import { tagOf } from "./actions/action-operations.ts";
import { describeAction } from "./actions/action-part.ts";
import { BULK_COMPONENTS } from "./actions/bulk.ts";
import { FAILURE_COMPONENTS } from "./failures.ts";
import { FIXED_COMPONENTS, FIXED_ROUTES } from "./routes/fixed-routes.ts";
import { toHead, toSecuritySchemes } from "./head.ts";
import { HEADER_COMPONENTS, PARAMETER_COMPONENTS } from "./headers.ts";
import type { OpenApiOptions } from "./options.ts";
import { mergeComponents } from "./part.ts";
import { toPieces } from "./text/pieces.ts";
import { describeClass } from "./routes/subjects.ts";
import { SUCCESS_COMPONENTS } from "./actions/success.ts";
import { Writer } from "./text/writer.ts";

/** What the document is made of. */
export interface OpenApiParts {
  readonly actions: Pick<Actions, "list" | "describe" | "describeSubject" | "subjects" | "bulkLimits" | "breathe">;
  readonly options: OpenApiOptions;
}

/** What is the same for everybody, as text: up to the end of the paths, and from there up to the end of the schemas. */
interface Common {
  readonly paths: readonly string[];
  readonly components: readonly string[];
}

/** The OpenAPI document as text, in pieces: made when it is first asked for, and kept. Only the classes of subjects differ by who asks. */
export class OpenApiDocument {
  readonly #parts: OpenApiParts;
  #common: MaybePromise<Common> | undefined;

  constructor(parts: OpenApiParts) {
    this.#parts = parts;
  }

  /** Those who ask while it is made wait for it together. */
  async piecesFor(identity: Identity, asking: Asking): Promise<readonly string[]> {
    const { paths, components } = await (this.#common ??= this.#make());
    const classes = this.#parts.actions.subjects.classes(identity, asking).map(writeClass);
    return [...paths, ...classes.map((each) => each.paths), '},"components":{', ...components, ...classes.map((each) => each.schemas), "}}}"];
  }

  async #make(): Promise<Common> {
    try {
      return (this.#common = await writeCommon(this.#parts));
    } catch (error) {
      this.#common = undefined;
      throw error;
    }
  }
}

/** A few actions at a time, so that others get their turn in between however many there are. */
async function writeCommon({ actions, options }: OpenApiParts): Promise<Common> {
  const writer = new Writer(mergeComponents([HEADER_COMPONENTS, PARAMETER_COMPONENTS, FAILURE_COMPONENTS, SUCCESS_COMPONENTS, BULK_COMPONENTS, FIXED_COMPONENTS]));
  const tags = new Set<string>();
  for (const { key, subject } of actions.list()) {
    const pausing = actions.breathe();
    if (isPromiseLike(pausing)) await pausing;
    const action = actions.describe(key);
    if (action === undefined) continue;
    tags.add(tagOf(key));
    writer.add(describeAction(action, actions.describeSubject(subject?.class ?? "")?.id ?? {}, actions.bulkLimits.maxAsyncBulkIds));
  }
  for (const routes of FIXED_ROUTES) writer.add(routes);
  return { paths: await toPieces(toPaths(toHead(options, tags), writer), actions), components: await toPieces(writer.components(toSecuritySchemes(options)), actions) };
}

function* toPaths(head: JsonObject, writer: Writer): Generator<string, void, void> {
  yield `${JSON.stringify(head).slice(0, -1)},"paths":{`;
  yield* writer.paths();
}

/** What a class adds, behind what there is already. */
function writeClass(about: SubjectDescription): { readonly paths: string; readonly schemas: string } {
  const { paths, components = {} } = describeClass(about);
  return { paths: `,${toMembers(paths)}`, schemas: `,${toMembers(components.schemas ?? {})}` };
}

function toMembers(value: JsonObject): string {
  return JSON.stringify(value).slice(1, -1);
}
