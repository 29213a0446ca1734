import type { ActionDescription, ActionSummary } from "../../../domain/catalog/describe.ts";

/** An action with the URLs under which this API serves it. What it declares of its data, its errors and examples stands in it only when it does. */
export function toSchemaDocument(action: ActionDescription): Readonly<Record<string, unknown>> {
  const { bulk, result, errors, examples, idempotency, ...others } = action;
  const declared = { ...(result === null ? {} : { result }), ...(errors.length === 0 ? {} : { errors }), ...(examples.length === 0 ? {} : { examples }) };
  return { ...toListEntry(others), ...declared, bulk: bulk === null ? null : { url: `${urlOf(action)}/bulk`, ...bulk }, idempotency };
}

/** An action as the list shows it; whatever else stands in it stays, in its place. */
export function toListEntry(action: ActionSummary): Readonly<Record<string, unknown>> {
  const { subject } = action;
  return subject === undefined ? { ...action } : { ...action, subject: { ...subject, url_pattern: `${urlOf(action)}/execute/{id}` } };
}

function urlOf({ key }: ActionSummary): string {
  return `/api/v1/actions/${key}`;
}
