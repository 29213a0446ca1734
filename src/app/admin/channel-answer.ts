import type { Ending } from "../cli/exit-codes.ts";
import type { AdminAnswer } from "./command.ts";

/** What the server that owns the data answers to a command. */
export type ChannelAnswer = { readonly answer: AdminAnswer } | { readonly fault: string; readonly ending: Ending };
