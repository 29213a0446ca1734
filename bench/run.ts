import { measureAdapters } from "./adapters/compare.ts";
import { measureBulk } from "./bulk/compare.ts";
import { measureClient } from "./client/compare.ts";
import { measureCluster } from "./cluster/compare.ts";
import { measureDiagnostics } from "./diagnostics/compare.ts";
import { measureHttp } from "./http/compare.ts";
import { measureInProcess } from "./in-process/compare.ts";
import { readOptions } from "./options.ts";
import type { Options, Suite } from "./options.ts";
import { writeSection } from "./report/results-file.ts";

/** What measures a suite and answers its section of the report, heading included. */
const MEASURE: Readonly<Record<Suite, (options: Options) => Promise<string>>> = {
  "in-process": measureInProcess,
  http: measureHttp,
  bulk: measureBulk,
  client: measureClient,
  adapters: measureAdapters,
  cluster: measureCluster,
  diagnostics: measureDiagnostics,
};

/** In bench/, where npm runs this. */
const RESULTS = "RESULTS.md";

const options = readOptions(process.argv.slice(2));
for (const suite of options.suites) {
  const section = await MEASURE[suite](options);
  console.log(section);
  if (!options.printOnly) await writeSection(RESULTS, section);
}
