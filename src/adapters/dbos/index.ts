export { dbosWorkflows } from "./dbos-engine.ts";
export type { DbosOptions } from "./options.ts";
export { prepareDbos, type PrepareDbosOptions } from "./prepare-dbos.ts";
export type { Dbos } from "./dbos.ts";
