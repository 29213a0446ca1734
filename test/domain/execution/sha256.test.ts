import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256 } from "../../../src/domain/execution/sha256.ts";

test("It is the SHA-256 of the text in UTF-8, at every length around a block and in every script", () => {
  const texts = ["", "abc", "é", "漢字", "\u{1F600}", "\u{10FFFF}\u07FF\u0800\uFFFF", "x".repeat(100_000)];
  for (let length = 0; length < 200; length++) texts.push("a".repeat(length), "é".repeat(length));
  for (const text of texts) assert.equal(sha256(text), createHash("sha256").update(text).digest("hex"), text.slice(0, 20));
});
