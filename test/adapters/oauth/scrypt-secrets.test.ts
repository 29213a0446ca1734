import assert from "node:assert/strict";
import test from "node:test";
import { createFixture } from "./fixture.ts";
import type { Answer } from "./fixture.ts";

const FIRST = "A".repeat(43);
const SECOND = "B".repeat(43);
/** As clients were stored when their secrets were hashed by scrypt; a rotation took the salt over. */
const FIRST_HASH = "scrypt$16$1$1$BwcHBwcHBwcHBwcHBwcHBw$6Tpdr-10yzk0AP2DS1p2Aj53AKksK0KOxybmVARulA4";
const SECOND_HASH = "scrypt$16$1$1$BwcHBwcHBwcHBwcHBwcHBw$K7ebLxzdQbpk9bLnLmdVOvanOhfik1CWG6gFV-XFdHE";

/** A client whose record an earlier version has written. */
async function ready() {
  const fixture = createFixture();
  const { server, store } = fixture;
  const { client_id: id } = await server.clients.create({ name: "Orders", permissions: ["manage_orders"] });
  const [record] = await store.read("oauth.authority", [`client:${id}`]);
  assert.ok(record !== undefined);
  const secrets = [{ hash: FIRST_HASH, expires_at: fixture.clock.now + 60_000 }, { hash: SECOND_HASH, expires_at: null }];
  await store.commit([{ kind: "put", collection: record.collection, id: record.id, basedOn: record.version, value: { ...record.value, secrets } }]);
  const ask = (client_secret: string, remoteAddress = "192.0.2.1"): Promise<Answer> =>
    fixture.send("/oauth/token", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: `grant_type=client_credentials&client_id=${id}&client_secret=${client_secret}`, remoteAddress });
  const hashes = async () => (await server.clients.find(id))?.secrets.map(({ hash }) => hash) ?? [];
  return { ...fixture, id, ask, hashes };
}

const SHA_256 = /^sha256\$[\w-]{43}$/;

test("C14: a secret that is stored by scrypt still authenticates, and is stored by SHA-256 from then on", async () => {
  const { ask, hashes, clock } = await ready();
  assert.equal((await ask(SECOND)).status, 200);
  const [first, second = ""] = await hashes();
  assert.equal(first, FIRST_HASH);
  assert.match(second, SHA_256);
  assert.equal((await ask(SECOND)).status, 200);
  assert.deepEqual(await hashes(), [first, second]);
  assert.equal((await ask(FIRST)).status, 200);
  for (const hash of await hashes()) assert.match(hash, SHA_256);
  clock.now += 60_000;
  assert.equal((await ask(FIRST)).status, 401);
  assert.equal((await ask(SECOND)).status, 200);
});

test("C14: storing it anew leaves all else of the client as it is", async () => {
  const { ask, server, store, id } = await ready();
  const [record] = await store.read("oauth.authority", [`client:${id}`]);
  assert.ok(record !== undefined);
  await store.commit([{ kind: "put", collection: record.collection, id: record.id, basedOn: record.version, value: { ...record.value, added_later: 1 } }]);
  const before = await server.clients.find(id);
  await ask(SECOND);
  const [after] = await store.read("oauth.authority", [`client:${id}`]);
  assert.deepEqual({ ...after?.value, secrets: [] }, { ...record.value, secrets: [], added_later: 1 });
  assert.deepEqual({ ...(await server.clients.find(id)), secrets: [] }, { ...before, secrets: [] });
});

test("C1, C3, C12: a wrong secret, the stored hash itself and a disabled client get the one 401, and no failure changes the record", async () => {
  const { ask, hashes, server, id } = await ready();
  const texts = new Set<string>();
  for (const secret of ["wrong", FIRST_HASH, SECOND_HASH, `${SECOND}x`]) {
    const { status, text } = await ask(encodeURIComponent(secret));
    assert.equal(status, 401);
    texts.add(text);
  }
  assert.deepEqual(await hashes(), [FIRST_HASH, SECOND_HASH]);
  await server.clients.disable(id);
  texts.add((await ask(SECOND)).text);
  assert.deepEqual([...texts], ['{"error":"invalid_client","error_description":"Client authentication failed."}']);
  await server.clients.enable(id);
  assert.equal((await ask(SECOND)).status, 200);
});

test("C13: fifty workers that start together with such a secret all get a token", async () => {
  const { ask } = await ready();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(SECOND)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("C13: parallel guesses at such a secret cannot slip past the count", async () => {
  const { ask } = await ready();
  const statuses = (await Promise.all(Array.from({ length: 30 }, (_, count) => ask(`guess-${count}`)))).map(({ status }) => status);
  assert.deepEqual([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 429).length], [10, 20]);
});

test("C14: only so many scrypt hashes may wait for their turn; what comes beyond is 503 at once", async () => {
  const { ask } = await ready();
  const answers = await Promise.all(Array.from({ length: 70 }, (_, count) => ask(`x-${count}`, `192.0.2.${count}`)));
  assert.deepEqual([answers.filter(({ status }) => status === 401).length, answers.filter(({ status }) => status === 503).length], [66, 4]);
});
