import type { Actions } from "../../../domain/actions.ts";
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

/** The OpenAPI document as text: made when it is first asked for, and kept. */
export class OpenApiDocument {
  readonly #parts: OpenApiParts;
  #text: MaybePromise<string> | undefined;

  constructor(parts: OpenApiParts) {
    this.#parts = parts;
  }

  /** The same for everybody; those who ask while it is made wait for it together. */
  text(): MaybePromise<string> {
    return (this.#text ??= this.#make());
  }

  async #make(): Promise<string> {
    try {
      return (this.#text = await writeDocument(this.#parts));
    } catch (error) {
      this.#text = undefined;
      throw error;
    }
  }
}

/** A few actions at a time, so that others get their turn in between however many there are. */
async function writeDocument({ actions, options }: OpenApiParts): Promise<string> {
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
  const head = JSON.stringify(toHead(options, tags));
  return `${head.slice(0, -1)},${writer.finish(toSecuritySchemes(options))}}`;
}
