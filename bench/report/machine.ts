import { cpus, release, type } from "node:os";

/** Where and when something was measured, in a line. */
export function describeMachine(): string {
  const all = cpus();
  const [first] = all;
  return `${first?.model.trim() ?? "unknown processor"}, ${all.length} cores, ${type()} ${release()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
}
