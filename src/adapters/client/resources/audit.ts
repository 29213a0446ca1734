import type { AuditEntry, ListQuery } from "../api.ts";
import type { CallOptions } from "../options.ts";
import type { Sender } from "../sending/sender.ts";
import { readEvents } from "../streams/lines.ts";
import { resumed } from "../streams/resumed.ts";
import { Listing } from "./listing.ts";
import { queryOf } from "./path.ts";

/** The trail, for identities with `view_audit`. */
export interface Audit {
  /** Newest first, unless the query says `order: "ascending"`. */
  list(query?: ListQuery, options?: CallOptions): Listing<AuditEntry>;
  /** Every entry behind `after`, in order and as they come, each once, without an end. Keep the `id` of the last to go on from there later. */
  follow(query?: ListQuery, options?: CallOptions): AsyncGenerator<AuditEntry, void, void>;
}

/** The trail as clients see it. */
export function createAudit(sender: Sender): Audit {
  return {
    list: (query, options) => new Listing(sender, "audit", query, options),
    follow: (query = {}, options = {}) => follow(sender, query, options),
  };
}

function follow(sender: Sender, query: ListQuery, options: CallOptions): AsyncGenerator<AuditEntry, void, void> {
  let last: string | undefined;
  return resumed<AuditEntry>(sender, options, {
    silent: false,
    call: () => ({
      path: `audit${queryOf({ ...query, order: "ascending" })}`,
      repeatable: true,
      headers: { accept: "text/event-stream", ...(last && { "last-event-id": last }) },
    }),
    async *read(lines) {
      for await (const { id, data } of readEvents(lines)) {
        last = id ?? last;
        if (data) yield JSON.parse(data);
      }
      return false;
    },
  });
}
