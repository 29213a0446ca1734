import assert from "node:assert/strict";
import { test } from "node:test";
import { createNodeTimer } from "../../../src/adapters/node-timer/index.ts";
import { createIdentity, date, defineAction, defineSubject, everyone, integerId, list, number, object, text, textId, type SubjectClass, type SubjectQuery } from "../../../src/domain/index.ts";
import { openLab, turn, withMethods, type LabOptions } from "../lab.ts";

interface BookRecord {
  readonly id: string;
  readonly title: string;
  readonly pages: number | null;
  readonly lent?: boolean;
  readonly tags?: readonly string[];
  readonly secret?: boolean;
}
const READER = createIdentity({ kind: "user", id: "reader", permissions: ["read"] });
const shared = { class: "lab.Book", param: "book", id: textId(), title: (book: BookRecord) => book.title, read: everyone, visible: ({ record }: { readonly record: BookRecord }) => record.secret !== true } as const;
const Book = defineSubject(shared);

function openShelf(books: readonly Partial<BookRecord>[], subject: SubjectClass = Book, options: LabOptions = {}) {
  const lab = openLab([], { subjects: [subject], ...options });
  const width = String(books.length).length;
  void lab.store.commit(books.map((book, index) => {
    const id = book.id ?? `b${String(index).padStart(width, "0")}`;
    return { kind: "put", collection: subject.class, id, basedOn: 0, value: { title: "A book", pages: null, ...book, id } };
  }));
  const find = async (query: SubjectQuery = {}) => {
    const page = await lab.actions.subjects.list(READER, subject.class, query);
    assert.ok(page.kind === "page", JSON.stringify(page));
    return page;
  };
  const titles = async (query: SubjectQuery) => (await find(query)).data.map((book) => book["title"]);
  const faults = async (query: SubjectQuery) => {
    const failure = await lab.actions.subjects.list(READER, subject.class, query);
    return failure.kind === "failed" ? failure.errors : failure;
  };
  return { ...lab, find, titles, faults };
}

test("Letters of any case are the same in every script, and under no locale", async () => {
  const titles = ["Straße", "STRASSE", "straẞe", "ΟΔΟΣ", "οδος", "Война", "ﬁn", "İzmir"];
  const { titles: found } = openShelf(titles.map((title) => ({ title })));
  assert.deepEqual(await found({ q: "strasse" }), ["Straße", "STRASSE", "straẞe"]);
  assert.deepEqual(await found({ q: "ẞE" }), ["Straße", "STRASSE", "straẞe"]);
  assert.deepEqual(await found({ q: "οδοσ" }), ["ΟΔΟΣ", "οδος"]);
  assert.deepEqual(await found({ q: "ВОЙН" }), ["Война"]);
  assert.deepEqual(await found({ q: "FIN" }), ["ﬁn"]);
  assert.deepEqual(await found({ q: "zmIR" }), ["İzmir"]);
  assert.deepEqual(await found({ q: "voina" }), []);
});

test("A text stands for whatever JSON writes so, and other values for themselves", async () => {
  const { titles } = openShelf([
    { title: "number", pages: 5 },
    { title: "null", pages: null },
    { title: "yes", lent: true, pages: 1e21 },
    { title: "no", lent: false, pages: 0.1 },
  ]);
  const of = (fields: SubjectQuery["fields"]) => titles({ fields });
  assert.deepEqual(await of({ pages: "5" }), ["number"]);
  assert.deepEqual(await of({ pages: 5 }), ["number"]);
  assert.deepEqual(await of({ pages: "5.0" }), []);
  assert.deepEqual(await of({ pages: " 5" }), []);
  assert.deepEqual(await of({ pages: "null" }), ["null"]);
  assert.deepEqual(await of({ pages: null }), ["null"]);
  assert.deepEqual(await of({ pages: "" }), []);
  assert.deepEqual(await of({ pages: "1e+21" }), ["yes"]);
  assert.deepEqual(await of({ pages: "0.1" }), ["no"]);
  assert.deepEqual(await of({ lent: "true" }), ["yes"]);
  assert.deepEqual(await of({ lent: false }), ["no"]);
  assert.deepEqual(await of({ lent: null }), [], "a field that is not there has no value");
  assert.deepEqual(await of({ lent: "false", pages: "5" }), []);
});

test("A text that looks like a number is found by that text, and by the number not", async () => {
  const { titles } = openShelf([{ title: "text", code: "5" }, { title: "word", code: "true" }].map((each) => each));
  assert.deepEqual(await titles({ fields: { code: "5" } }), ["text"]);
  assert.deepEqual(await titles({ fields: { code: 5 } }), []);
  assert.deepEqual(await titles({ fields: { code: "true" } }), ["word"]);
});

test("Of a class that declares its fields no others can be asked for, nor those that have no plain value", async () => {
  const Declared = defineSubject({ ...shared, fields: { pages: number().nullable(), tags: list(text()).optional().nullable() } as const });
  const { faults, titles } = openShelf([{ tags: ["a"], pages: 3, title: "Three" }], Declared);
  assert.deepEqual(await titles({ fields: { pages: 3 } }), ["Three"]);
  assert.deepEqual(await faults({ fields: { tags: "a" } }), { tags: ["tags has no plain value, so it cannot be compared."] });
  assert.deepEqual(await faults({ fields: { lent: "true" } }), { lent: ["lent is not a public field with a plain value of Book. Use one of: pages, tags."] });
  assert.deepEqual(await faults({ fields: { id: "b0", title: "Three" } }), {
    id: ["id is not a field to compare: ask for the ID itself, or for text in the title by q."],
    title: ["title is not a field to compare: ask for the ID itself, or for text in the title by q."],
  });
});

test("Of a class that shows all fields those are known that a record has", async () => {
  const { faults, find } = openShelf([{ tags: ["a"] }, { lent: true }, { secret: true, shelf: "top" } as object]);
  assert.deepEqual((await find({ fields: { lent: "false" } })).data, []);
  const sentence = (name: string) => ({ [name]: [`${name} is not a public field with a plain value of Book.`] });
  assert.deepEqual(await faults({ fields: { size: "1" } }), sentence("size"));
  assert.deepEqual(await faults({ fields: { tags: "a" } }), sentence("tags"));
  assert.deepEqual(await faults({ fields: { shelf: "top" } }), sentence("shelf"), "what only hidden records have is not known");
  assert.deepEqual(await faults({ fields: { toString: "1" } }), sentence("toString"));
  assert.deepEqual((await find({ fields: { size: "1" }, after: "b0" })).data, [], "later pages may have none of what an earlier one had");
  assert.deepEqual((await openShelf([]).find({ fields: { size: "1" } })).data, [], "an empty class knows nothing");
});

test("so they are of a class that only names its fields, where a record has parts in one", async () => {
  const Named = defineSubject({ ...shared, fields: ["pages", "tags", "lent"] });
  const { faults, find, titles } = openShelf([{ tags: ["a"] }, { pages: 3, title: "Three" }], Named);
  assert.deepEqual(await faults({ fields: { tags: "a" } }), { tags: ["tags has no plain value, so it cannot be compared."] });
  assert.deepEqual(await titles({ fields: { pages: 3 } }), ["Three"]);
  assert.deepEqual((await find({ fields: { lent: "true" } })).data, [], "what no record has may come yet");
});

test("A field that none of the first 10,000 records has may be one that others have", async () => {
  const { find } = openShelf(Array.from({ length: 10_001 }, (_, at) => (at === 10_000 ? { lent: true } : {})));
  const first = await find({ fields: { lent: "true" } });
  assert.deepEqual([first.data, first.next], [[], "b09999"]);
  const second = await find({ fields: { lent: "true" }, after: "b09999" });
  assert.deepEqual([second.data.map(({ id }) => id), second.next], [["b10000"], null]);
});

test("A call looks at 10,000 records and says where it goes on", async () => {
  const reads: number[] = [];
  const wrap: LabOptions["wrap"] = (store) => withMethods(store, { list: (collection, page) => (reads.push(page.limit), store.list(collection, page)) });
  const { find } = openShelf(Array.from({ length: 20_001 }, (_, at) => ({ title: at === 20_000 ? "The last" : "A book" })), Book, { wrap });
  const first = await find({ q: "last" });
  assert.deepEqual([first.data, first.next], [[], "b09999"]);
  assert.equal(reads.reduce((sum, limit) => sum + limit), 10_000);
  const second = await find({ q: "last", after: "b09999" });
  assert.deepEqual([second.data, second.next], [[], "b19999"]);
  const third = await find({ q: "last", after: "b19999" });
  assert.deepEqual([third.data.length, third.next], [1, null]);
});

test("so it does when all that it looked at is hidden", async () => {
  const { find } = openShelf(Array.from({ length: 10_002 }, (_, at) => ({ secret: at < 10_001 })));
  const first = await find();
  assert.deepEqual([first.data, first.next], [[], "b09999"]);
  assert.equal((await find({ after: "b09999" })).data.length, 1);
});

test("The next of a page never names what is hidden as long as anything is to be seen, nor does a page go on when only that is left", async () => {
  const { find } = openShelf([{}, { secret: true }, {}, { secret: true }]);
  const ids = async (query: SubjectQuery) => {
    const { data, next } = await find(query);
    return [data.map(({ id }) => id), next];
  };
  assert.deepEqual(await ids({ limit: 1 }), [["b0"], "b0"]);
  assert.deepEqual(await ids({ limit: 1, after: "b0" }), [["b2"], null]);
  assert.deepEqual(await ids({ limit: 2 }), [["b0", "b2"], null]);
});

test("An unfiltered page reads no more than it needs, and a search only in passing", async () => {
  const reads: unknown[] = [];
  const wrap: LabOptions["wrap"] = (store) => withMethods(store, { list: (collection, page) => (reads.push([page.limit, page.passing]), store.list(collection, page)) });
  const { find } = openShelf(Array.from({ length: 200 }, () => ({})), Book, { wrap });
  await find({ limit: 10 });
  await find({ limit: 10, q: "none" });
  assert.deepEqual(reads, [[4, undefined], [7, undefined], [4, true], [16, true], [64, true], [256, true]]);
});

test("A page ends early where records are large, and no more of them are read at a time than it has room for; none is left out", async () => {
  const reads: number[] = [];
  const wrap: LabOptions["wrap"] = (store) => withMethods(store, { list: (collection, page) => (reads.push(page.limit), store.list(collection, page)) });
  const { find } = openShelf(Array.from({ length: 40 }, (_, at) => ({ tags: ["x".repeat(200_000)], secret: at % 10 === 9 })), Book, { wrap });
  for (const query of [{ limit: 200 }, { limit: 200, q: "book" }]) {
    const pages: number[] = [];
    const seen: unknown[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await find({ ...query, ...(after === undefined ? {} : { after }) });
      pages.push(page.data.length);
      seen.push(...page.data.map((book) => book["id"]));
      after = page.next;
    }
    assert.equal(new Set(seen).size, 36);
    assert.deepEqual(pages, [6, 6, 6, 6, 6, 6]);
  }
  assert.ok(Math.max(...reads) <= 5, reads.join());
});

test("A search lets others have their turn", async () => {
  let turns = 0;
  let now = 0;
  const timer = createNodeTimer({ clock: () => now });
  const { find } = openShelf(Array.from({ length: 5_000 }, () => ({})), Book, { timer, clock: () => (now += 0.01), sliceMs: 1 });
  const searching = find({ q: "nothing" });
  let isDone = false;
  void searching.then(() => (isDone = true));
  while (!isDone) {
    turns++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(turns > 20, `${turns} turns`);
});

interface DeviceRecord {
  readonly id: number;
  readonly name: string;
}
const DEVICES: readonly DeviceRecord[] = [1, 2, 3, 4, 5].map((id) => ({ id, name: `device ${id}` }));
const foreign = { class: "lab.Device", param: "device", id: integerId(), title: (device: DeviceRecord) => `Device #${device.id}`, read: everyone };
const source = (ids: readonly string[]) => DEVICES.filter(({ id }) => ids.includes(String(id))).map((device) => ({ ...device }));

test("Subjects elsewhere are listed by the source's own list, in its order", async () => {
  const asked: unknown[] = [];
  const Device = defineSubject({ ...foreign, source, list: ({ after, limit }) => (asked.push([after, limit]), DEVICES.filter(({ id }) => after === undefined || id > Number(after)).slice(0, limit)) });
  const { actions } = openLab([], { subjects: [Device] });
  const pages: unknown[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await actions.subjects.list(READER, Device.class, { limit: 2, ...(after === undefined ? {} : { after }) });
    assert.ok(page.kind === "page");
    pages.push(page.data.map(({ id }) => id));
    after = page.next;
  }
  assert.deepEqual(pages, [[1, 2], [3, 4], [5]]);
  const found = await actions.subjects.list(READER, Device.class, { q: "#4" });
  assert.deepEqual(found, { kind: "page", data: [{ id: 4, title: "Device #4", name: "device 4" }], next: null });
});

test("what such a list answers is taken in a little at a time, as it may be large", async () => {
  let taken = 0;
  const record = (id: number) => ({ id, get name() { return `device ${++taken}`; } });
  const Device = defineSubject({ ...foreign, source, list: ({ limit }) => Array.from({ length: limit }, (_, index) => record(index + 1)) });
  let now = 0;
  const { actions } = openLab([], { subjects: [Device], timer: createNodeTimer({ clock: () => now }), clock: () => (now += 0.1), sliceMs: 1 });
  const listing = actions.subjects.list(READER, Device.class, { limit: 200 });
  let isDone = false;
  void listing.then(() => (isDone = true));
  let most = 0;
  for (let before = 0; !isDone; before = taken) {
    await turn();
    most = Math.max(most, taken - before);
  }
  const page = await listing;
  assert.ok(page.kind === "page" && page.data.length === 200);
  assert.ok(most < 20, `${most} in one turn`);
});

test("a source without one answers by ID only, and a list says so", async () => {
  const Device = defineSubject({ ...foreign, source });
  const { actions } = openLab([], { subjects: [Device] });
  assert.deepEqual(await actions.subjects.list(READER, Device.class), { kind: "failed", code: "not_found", message: "There is no list of lab.Device; ask for one by its ID." });
  assert.deepEqual(await actions.subjects.check(READER, Device.class, "3"), { kind: "subject", data: { id: 3, title: "Device #3", name: "device 3" }, actions: [] });
  assert.deepEqual(await actions.subjects.get(READER, Device.class, "9"), { kind: "failed", code: "subject_not_found", message: "There is no such subject." });
});

test("A source whose list fails is unavailable, and one that answers nonsense an internal error", async () => {
  const lists = [() => Promise.reject(new Error("down")), () => [{ id: 1.5, name: "half" }], ({ limit }: { readonly limit: number }) => Array.from({ length: limit + 1 }, (_, id) => ({ id, name: "" }))];
  const answers = await Promise.all(
    lists.map(async (each) => {
      const { actions, observed } = openLab([], { subjects: [defineSubject({ ...foreign, source, list: each })] });
      const answer = await actions.subjects.list(READER, foreign.class);
      return [answer.kind === "failed" && answer.code, observed.map(({ event }) => event)];
    }),
  );
  assert.deepEqual(answers, [["unavailable", ["store_unavailable"]], ["internal_error", ["internal_error"]], ["internal_error", ["internal_error"]]]);
});

test("A source's list that does not go on behind the ID it was given is an internal error, and not a list without an end", async () => {
  const lists = [
    ({ limit }: { readonly limit: number }) => DEVICES.slice(0, limit),
    ({ after = "0", limit }: { readonly after?: string; readonly limit: number }) => DEVICES.filter(({ id }) => id >= Number(after)).slice(0, limit),
  ];
  for (const each of lists) {
    const { actions, observed } = openLab([], { subjects: [defineSubject({ ...foreign, source, list: each })] });
    const first = await actions.subjects.list(READER, foreign.class, { limit: 2 });
    assert.ok(first.kind === "page" && first.next === "2");
    assert.deepEqual(await actions.subjects.list(READER, foreign.class, { limit: 2, after: "2" }), { kind: "failed", code: "internal_error", message: "Server error." });
    assert.deepEqual(observed.map(({ error }) => String(error)), ["TypeError: lab.Device: its list answered the record with the ID 2 again; after that one it must begin behind it"]);
  }
});

test("A title or a rule of the class that fails is an internal error with its cause in the log", async () => {
  for (const broken of [{ title: () => assert.fail("broken") }, { visible: () => assert.fail("broken") }]) {
    const { actions, observed } = openShelf([{}], defineSubject({ ...shared, ...broken }));
    assert.deepEqual(await actions.subjects.list(READER, Book.class), { kind: "failed", code: "internal_error", message: "Server error." });
    assert.deepEqual(observed.map(({ event, action }) => [event, action]), [["internal_error", Book.class]]);
  }
});

test("A read() that throws or answers no boolean gives nobody a right, and is told of", async () => {
  const answers: readonly (() => never)[] = [() => assert.fail("broken"), Object(() => 1), Object(() => Promise.resolve(true))];
  for (const read of answers) {
    const { actions, observed } = openShelf([{}], defineSubject({ ...shared, read }));
    assert.deepEqual(actions.subjects.classes(READER), []);
    assert.deepEqual(await actions.subjects.list(READER, Book.class), { kind: "failed", code: "not_found", message: "There is nothing here." });
    assert.deepEqual(observed.map(({ event, action }) => [event, action]), [["internal_error", Book.class], ["internal_error", Book.class]]);
  }
});

test("The classes come in the order of their names, with labels, schemas and keys of actions", () => {
  const A = defineSubject({ class: "lab.a.Apple", param: "apple", id: integerId(), title: (_: { readonly id: number; readonly picked_at: string; readonly parts: readonly { readonly n: number }[] }) => "", read: everyone, fields: { picked_at: date(), parts: list(object({ n: number() })) } });
  const B = defineSubject({ class: "lab.Bee", label: "Bees", param: "bee", id: integerId(), title: (bee: { readonly id: number; readonly sting: boolean }) => `${bee.id}`, read: everyone, fields: ["sting"] });
  const C = defineSubject({ class: "lab.Cow", param: "cow", id: integerId(), title: () => "" });
  const eat = defineAction({ key: "eat", label: "Eat", subject: A, authorize: everyone, handle: () => undefined });
  const cut = defineAction({ key: "cut", label: "Cut", subject: A, authorize: everyone, handle: () => undefined });
  const { actions } = openLab([eat, cut], { subjects: [C, A, B] });
  const described = actions.subjects.classes(READER);
  assert.deepEqual(described.map(({ class: name, label, param, actions: keys }) => [name, label, param, keys]), [["lab.Bee", "Bees", "bee", []], ["lab.a.Apple", "Apple", "apple", ["cut", "eat"]]]);
  assert.deepEqual(described[0]?.fields, { sting: {} });
  assert.deepEqual(Object.keys(described[1]?.fields ?? {}), ["picked_at", "parts"]);
  assert.equal(described[1]?.id, A.id.schema);
});

test("What is wrong with a declaration is a TypeError that names the class", () => {
  const wrong: readonly (readonly [part: object, message: RegExp])[] = [
    [{ label: "" }, /^subject class "lab\.Book": label must be a text for people/],
    [{ read: true }, /^subject class "lab\.Book": read must be a function/],
    [{ list: () => [] }, /^subject class "lab\.Book": list is for subjects with a source/],
    [{ fields: { pages: "number" } }, /^subject class "lab\.Book": the type of its field is wrong: parameter "pages" must be a parameter type/],
  ];
  for (const [part, message] of wrong) assert.throws(() => defineSubject({ ...shared, ...part }), { name: "TypeError", message });
});
