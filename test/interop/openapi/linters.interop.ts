import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import openapiTS, { astToString } from "openapi-typescript";
import spectralCore from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, defineAction, everyone, standardParams, value } from "../../../src/domain/index.ts";
import { readDocument } from "../../adapters/rest/openapi/read-document.ts";
import { authenticate, openShop } from "../../adapters/rest/shop.ts";
import { openAjv } from "./documented.ts";
import { openLive } from "./northwind.ts";

const live = await openLive();
after(() => live.stop());

const DOCUMENTS = [
  ["Northwind", live.document],
  ["the shop of the REST tests", JSON.stringify(await readDocument(openShop().handler, "root-token"))],
  ["actions whose schemas point into themselves", JSON.stringify(await readDocument(openTrees()))],
] as const;

/** An action as those have it who use a Standard Schema: with definitions of its own, and recursive. */
function openTrees(): HttpHandler {
  const tree = { type: "object", properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#/$defs/tree" } } }, required: ["name"], additionalProperties: false };
  const schema = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", properties: { tree: { $ref: "#/$defs/tree" }, again: { $ref: "#" } }, required: ["tree"], $defs: { tree } };
  const declared = standardParams({ "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } }, { schema });
  const plant = defineAction({
    key: "trees/plant",
    label: "Plant",
    params: declared,
    examples: [{ params: { tree: { name: "oak", children: [{ name: "bough" }] } } }],
    returns: declared,
    errors: { too_tall: { details: declared, retry: true }, gone: {} },
    authorize: everyone,
    handle: () => value({ tree: { name: "oak" } }),
  });
  const ports = { clock: Date.now, newId: () => "id" };
  const actions = createActions({ catalog: createCatalog({ actions: [plant], subjects: [] }), store: createMemoryStore(ports), ...ports });
  return createRest({ actions, authenticate, ...ports });
}

for (const [name, source] of DOCUMENTS) {
  test(`Redocly's recommended-strict finds nothing in the document of ${name}`, async () => {
    const problems = await lintFromString({ source, absoluteRef: "openapi.json", config: await createConfig({ extends: ["recommended-strict"] }) });
    assert.deepEqual(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`), []);
  });

  test(`Spectral's oas finds nothing in the document of ${name}`, async () => {
    const spectral = new spectralCore.Spectral();
    spectral.setRuleset(new spectralCore.Ruleset({ extends: [[rulesets.oas, "recommended"]] }));
    assert.deepEqual((await spectral.run(source)).map(({ code, message, path }) => `${code}: ${message} ${path.join(".")}`), []);
  });

  test(`every schema in the document of ${name} compiles with ajv in strict mode`, () => {
    const document = JSON.parse(source);
    const ajv = openAjv(document);
    const names = Object.keys(document.components.schemas);
    assert.ok(names.length > 25);
    for (const each of names) ajv.compile({ $ref: `document#/components/schemas/${each}` });
  });
}

test("openapi-typescript understands schemas that point into themselves", async () => {
  const types = astToString(await openapiTS(JSON.stringify(await readDocument(openTrees()))));
  assert.match(types, /children\?: components\["schemas"\]\["params__trees__plant"\]\["\$defs"\]\["tree"\]\[\]/);
});

test("the linters do find what is wrong", async () => {
  const { info, ...others } = await readDocument(openShop().handler);
  const source = JSON.stringify({ info: { ...info, license: undefined }, ...others });
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config: await createConfig({ extends: ["recommended-strict"] }) });
  assert.deepEqual(problems.map(({ ruleId }) => ruleId), ["info-license"]);
});
