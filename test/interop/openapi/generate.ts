import { writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { openLive } from "./northwind.ts";

const live = await openLive();
try {
  writeFileSync(new URL("northwind.gen.ts", import.meta.url), astToString(await openapiTS(live.document)));
} finally {
  await live.stop();
}
