import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { testWholeStore } from "../../contracts/whole-store.ts";

testWholeStore({ name: "memory", test, open: (clock) => ({ store: createMemoryStore({ clock }) }) });
