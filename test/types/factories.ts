// Compiled, never run: functions of an application that make actions for any class, and catalogs whose types were lost.
import { createCatalog, defineAction, defineSubject, everyone, integer, integerId, text, type Action, type ApiOf, type Catalog, type SubjectClass, type SubjectRecord } from "../../src/domain/index.ts";
import { createClient } from "../../src/adapters/client/index.ts";
import { createTestActions } from "../../src/app/testing/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_proof: Same<A, B>): void {}

interface Note extends SubjectRecord<number> {
  readonly text: string;
  readonly seen_at: string;
}
const Note = defineSubject({ class: "notes.Note", param: "note", id: integerId(), title: (note: Note) => note.text, fields: ["seen_at"] });

// In a function that makes actions for any class, the subject is a record of that class.

function defineDelete<const K extends string, R extends SubjectRecord, F extends string>(key: K, Class: SubjectClass<R, F>) {
  return defineAction({
    key,
    label: "Delete",
    subject: Class,
    authorize: ({ identity, subject }) => identity.can(String(subject.id)),
    handle: ({ subject, subjects }) => subjects.delete(Class, subject.id),
  });
}

function defineSee<const K extends string, R extends SubjectRecord & { readonly seen_at: string }, F extends string>(key: K, Class: SubjectClass<R, F>) {
  return defineAction({
    key,
    label: "See",
    subject: Class,
    params: { by: text().optional() },
    authorize: everyone,
    preconditions({ subject }) {
      // @ts-expect-error no record of any class has it
      subject.text;
    },
    handle: ({ subject, subjects, now }) => subjects.put(Class, { ...subject, seen_at: now }),
  });
}

const deleteNote = defineDelete("notes/delete", Note);
const seeNote = defineSee("notes/see", Note);
const catalog = createCatalog({ subjects: [Note], actions: [deleteNote, seeNote] });
type Api = ApiOf<typeof catalog>;
same<Api["notes/delete"]["id"], number>(true);
same<Api["notes/delete"]["result"], {}>(true);
same<Api["notes/see"]["params"], { readonly by?: string }>(true);
same<Api["notes/see"]["result"]["data"], { readonly id: number; readonly title: string; readonly seen_at: string }>(true);
// @ts-expect-error a record that was never seen
defineSee("notes/see", defineSubject({ class: "notes.Page", param: "page", id: integerId(), title: (page: SubjectRecord<number>) => `${page.id}` }));

// Actions that nothing is known of can be called, by any key.

const some: Action[] = [deleteNote, seeNote];
const anything = createCatalog({ subjects: [Note], actions: some });
const client = createClient<ApiOf<typeof anything>>({ baseUrl: "https://notes.example", auth: "token" });
await client.execute("notes/see", 1, { by: "ann" });
await client.execute("notes/count", null);
same<typeof answer.message, string | undefined>(true);
const answer = await client.execute("notes/see", 1);
if (answer.data !== undefined) same<(typeof answer.data)[string], unknown>(true);
// @ts-expect-error no ID is a truth value
client.execute("notes/see", true);
// @ts-expect-error parameters stand in an object
client.execute("notes/see", 1, "ann");
const { execute, bulk } = createTestActions({ catalog: catalog as Catalog, identity: "ann" });
const seen = await execute("notes/see", 1, { by: "ann" });
same<typeof seen.result.workflow_id, string | undefined>(true);
await bulk("notes/see", [1, 2], { by: "ann" });

// The record of a union is shown as a union.

type Payment = { readonly id: number; readonly by: "card"; readonly last_digits: string } | { readonly id: number; readonly by: "cash"; readonly cents: number };
const shared = { class: "shop.Payment", param: "payment", id: integerId(), title: (payment: Payment) => payment.by };
const Payment = defineSubject(shared);
const pay = defineAction({ key: "payments/pay", label: "Pay", subject: Payment, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Payment, subject) });
const payments = createCatalog({ subjects: [Payment], actions: [pay] });
export function told(paid: ApiOf<typeof payments>["payments/pay"]["result"]["data"]): string {
  return paid.by === "card" ? paid.last_digits : `${paid.cents}`;
}
defineSubject({ ...shared, fields: ["by", "cents"] });
defineSubject({ ...shared, fields: { last_digits: text(), cents: integer() } });
// @ts-expect-error none of them has such a field
defineSubject({ ...shared, fields: ["cent"] });
// @ts-expect-error the field is no text
defineSubject({ ...shared, fields: { cents: text() } });
