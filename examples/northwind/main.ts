import { runApplication } from "actionport/app";
import { application } from "./application.ts";

await runApplication(application);
