import { register } from "node:module";

/*
 * For `--import`, where Node itself strips the types: the examples import this package by its name, as its users do, and mean what is in src then.
 * tsx and the compiler have that from `paths` in tsconfig.json.
 */
register("./source-package-hooks.ts", import.meta.url);
