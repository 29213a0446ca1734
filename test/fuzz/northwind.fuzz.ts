import { fuzzApi } from "./api.ts";
import { northwindWorlds } from "./worlds.ts";

fuzzApi(northwindWorlds, 0.45);
