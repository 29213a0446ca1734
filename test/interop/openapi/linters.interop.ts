import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import spectralCore from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import { readDocument } from "../../adapters/rest/openapi/read-document.ts";
import { openShop } from "../../adapters/rest/shop.ts";
import { openAjv } from "./documented.ts";
import { openLive } from "./northwind.ts";

const live = await openLive();
after(() => live.stop());

const DOCUMENTS = [
  ["Northwind", live.document],
  ["the shop of the REST tests", JSON.stringify(await readDocument(openShop().handler))],
] as const;

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
    assert.ok(names.length > 30);
    for (const each of names) ajv.compile({ $ref: `document#/components/schemas/${each}` });
  });
}

test("the linters do find what is wrong", async () => {
  const { info, ...others } = await readDocument(openShop().handler);
  const source = JSON.stringify({ info: { ...info, license: undefined }, ...others });
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config: await createConfig({ extends: ["recommended-strict"] }) });
  assert.deepEqual(problems.map(({ ruleId }) => ruleId), ["info-license"]);
});
