import { cpus, loadavg, release, type } from "node:os";

/** What else kept the machine busy: figures from a busy one say little. */
const [LOAD_AT_START = 0] = loadavg();

/** Where and when something was measured. */
export function describeMachine(): string {
  const all = cpus();
  const [first] = all;
  const machine = `${first?.model.trim() ?? "unknown processor"}, ${all.length} cores, ${type()} ${release()}, Node ${process.version}`;
  return `${machine}, ${new Date().toISOString().slice(0, 10)}; load average ${LOAD_AT_START.toFixed(1)} before it began`;
}
