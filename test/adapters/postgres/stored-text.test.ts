import assert from "node:assert/strict";
import { test } from "node:test";
import { fromStoredText, toStoredText } from "../../../src/adapters/postgres/stored-text.ts";

const UNITS = ["", "\0", "\x01", "\x02", "\x1f", " ", "0", "a", "~", "\x7f", "é", "日", "\ud7ff", "\ud800", "\ud83d", "\udbff", "\udc00", "\ude00", "\udfff", "\ue000", "\ue001", "\ufffd", "\uffff", "\u{1f600}"];
const TEXTS = UNITS.flatMap((one) => UNITS.flatMap((two) => ["", "a", "\uffff"].map((three) => one + two + three)));

test("every text comes back from a column as it was, and none has what a column cannot hold", () => {
  for (const text of TEXTS) {
    const stored = toStoredText(text);
    assert.equal(fromStoredText(stored), text);
    assert.equal(Buffer.from(stored).toString(), stored, "UTF-8 keeps it");
    assert.equal(stored.includes("\0"), false);
  }
});

test("stored texts sort by the bytes of UTF-8 as the texts do by UTF-16 code units", () => {
  const sorted = [...new Set(TEXTS)].sort();
  const stored = sorted.map((text) => Buffer.from(toStoredText(text)));
  assert.deepEqual([...stored].sort(Buffer.compare), stored);
});

test("an ordinary text is stored as it is", () => {
  for (const text of ["", "10248", "shop.Order:7", "Übergröße", "日本語", '"\\\n']) assert.equal(toStoredText(text), text);
});
