import type { Ending } from "../exit-codes.ts";
import type { Session } from "../session.ts";
import type { Grammar, Input } from "./grammar.ts";

/** A command. */
export interface Command extends Grammar {
  /** Does it. What keeps it from that is thrown: a Fault, or a failure of the call. */
  run(session: Session, input: Input): Promise<Ending>;
}
