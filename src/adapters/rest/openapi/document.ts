import type { Actions } from "../../../domain/actions.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { isPromiseLike, type MaybePromise } from "../../../domain/maybe-promise.ts";
import { tagOf } from "./action-operations.ts";
import { describeAction } from "./action-part.ts";
import { BULK_COMPONENTS } from "./bulk.ts";
import { FAILURE_COMPONENTS } from "./failures.ts";
import { FIXED_COMPONENTS, FIXED_ROUTES } from "./fixed-routes.ts";
import { toHead, toSecuritySchemes } from "./head.ts";
import { HEADER_COMPONENTS, PARAMETER_COMPONENTS } from "./headers.ts";
import type { OpenApiOptions } from "./options.ts";
import { mergeComponents } from "./part.ts";
import { SUCCESS_COMPONENTS } from "./success.ts";
import { Writer } from "./writer.ts";

/** What the document is made of. */
export interface OpenApiParts {
  readonly actions: Pick<Actions, "list" | "describe" | "bulkLimits" | "breathe">;
  readonly options: OpenApiOptions;
}

/** The OpenAPI document as text, in pieces: made when it is first asked for, and kept. */
export class OpenApiDocument {
  readonly #parts: OpenApiParts;
  #pieces: MaybePromise<readonly string[]> | undefined;

  constructor(parts: OpenApiParts) {
    this.#parts = parts;
  }

  /** The same for everybody; those who ask while it is made wait for it together. */
  pieces(): MaybePromise<readonly string[]> {
    return (this.#pieces ??= this.#make());
  }

  async #make(): Promise<readonly string[]> {
    try {
      return (this.#pieces = await writeDocument(this.#parts));
    } catch (error) {
      this.#pieces = undefined;
      throw error;
    }
  }
}

/** A few actions at a time, so that others get their turn in between however many there are. */
async function writeDocument({ actions, options }: OpenApiParts): Promise<readonly string[]> {
  const writer = new Writer(mergeComponents([HEADER_COMPONENTS, PARAMETER_COMPONENTS, FAILURE_COMPONENTS, SUCCESS_COMPONENTS, BULK_COMPONENTS, FIXED_COMPONENTS]));
  const tags = new Set<string>();
  for (const { key } of actions.list()) {
    const pausing = actions.breathe();
    if (isPromiseLike(pausing)) await pausing;
    const action = actions.describe(key);
    if (action === undefined) continue;
    tags.add(tagOf(key));
    writer.add(describeAction(action, actions.bulkLimits.maxAsyncBulkIds));
  }
  writer.add(FIXED_ROUTES);
  const pieces: string[] = [];
  for (const piece of joined(toTexts(toHead(options, tags), writer, options))) {
    pieces.push(piece);
    const pausing = actions.breathe();
    if (isPromiseLike(pausing)) await pausing;
  }
  return pieces;
}

function* toTexts(head: JsonObject, writer: Writer, options: OpenApiOptions): Generator<string, void, void> {
  yield `${JSON.stringify(head).slice(0, -1)},`;
  yield* writer.finish(toSecuritySchemes(options));
  yield "}";
}

/** In UTF-16 code units. */
const PIECE_LENGTH = 262_144;

/** The same texts in fewer, each of about that length. */
function* joined(texts: Iterable<string>): Generator<string, void, void> {
  let gathered: string[] = [];
  let length = 0;
  for (const text of texts) {
    gathered.push(text);
    length += text.length;
    if (length < PIECE_LENGTH) continue;
    yield gathered.join("");
    gathered = [];
    length = 0;
  }
  if (length > 0) yield gathered.join("");
}
