import type { ActionDescription, ActionSummary } from "../../domain/describe.ts";

/** An action with the URLs under which this API serves it. */
export function toSchemaDocument(action: ActionDescription): Readonly<Record<string, unknown>> {
  const { bulk, ...rest } = action;
  return { ...toListEntry(rest), bulk: bulk === null ? null : { url: `${urlOf(action)}/bulk`, ...bulk } };
}

/** An action as the list shows it; whatever else stands in it stays. */
export function toListEntry<T extends ActionSummary>(action: T): Readonly<Record<string, unknown>> {
  const { subject, ...rest } = action;
  return subject === undefined ? rest : { ...rest, subject: { ...subject, url_pattern: `${urlOf(action)}/execute/{id}` } };
}

function urlOf({ key }: ActionSummary): string {
  return `/api/v1/actions/${key}`;
}
