import type { JsonObject } from "../../../../domain/json.ts";
import { mergeComponents, type Components, type Part } from "../part.ts";
import { AUDIT_COMPONENTS, AUDIT_ROUTES } from "./audit.ts";
import { DISCOVERY_COMPONENTS, DISCOVERY_ROUTES } from "./discovery.ts";
import { SUBJECTS_TAG } from "./subjects.ts";
import { WORKFLOW_COMPONENTS, WORKFLOW_PATHS } from "./workflows.ts";

/** The tags of what is no action. They begin with a capital, so that they are no action's. */
export const FIXED_TAGS: readonly JsonObject[] = [
  { name: "Discovery", description: "What there is to call." },
  SUBJECTS_TAG,
  { name: "Audit", description: "Who did what." },
  { name: "Workflows", description: "The work that actions have started." },
];

/** What the routes that are no action's answer. */
export const FIXED_COMPONENTS: Components = mergeComponents([DISCOVERY_COMPONENTS, AUDIT_COMPONENTS, WORKFLOW_COMPONENTS]);

/** Every route that is no action's, but for those of a class. */
export const FIXED_ROUTES: readonly Part[] = [DISCOVERY_ROUTES, AUDIT_ROUTES, WORKFLOW_PATHS];
