import { join } from "node:path";
import { runApplication } from "actionport/app";
import { application } from "./application.ts";
import { createNorthwind } from "./catalog.ts";
import { openOutbox } from "./fulfilment/outbox.ts";

await runApplication({ ...application, catalog: ({ dataDirectory }) => createNorthwind(openOutbox(join(dataDirectory, "outbox.ndjson"))) });
