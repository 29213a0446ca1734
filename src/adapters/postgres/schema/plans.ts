/**
 * In the declaration of a function whose plans a session keeps: a plan that was made when a table was almost empty must not read all of it when it
 * has grown, before somebody has analyzed it.
 */
export const BY_INDEX = "set enable_seqscan = off";
