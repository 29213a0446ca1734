export { embeddedWorkflows, type EmbeddedOptions } from "./embedded-engine.ts";
