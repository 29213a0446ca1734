export { dbosWorkflows, type DbosOptions } from "./dbos-engine.ts";
export { prepareDbos, type PrepareDbosOptions } from "./prepare-dbos.ts";
export type { Dbos } from "./dbos.ts";
