import { fuzzApi } from "./api.ts";
import { everyTypeWorlds } from "./worlds.ts";

fuzzApi(everyTypeWorlds, 0.45);
