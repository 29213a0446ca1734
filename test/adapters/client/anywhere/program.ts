import { converse } from "./conversation.ts";

// A program for every runtime that has `process`: Node, Deno and Bun.
const [baseUrl = "", token = ""] = process.argv.slice(2);
console.log(JSON.stringify(await converse(baseUrl, token)));
