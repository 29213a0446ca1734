import type { Actions } from "../../../../domain/actions.ts";
import { isPromiseLike } from "../../../../domain/maybe-promise.ts";

/** In UTF-16 code units. */
const PIECE_LENGTH = 262_144;

/** The same texts in fewer, each of about that length; in between others get their turn. */
export async function toPieces(texts: Iterable<string>, actions: Pick<Actions, "breathe">): Promise<readonly string[]> {
  const pieces: string[] = [];
  for (const piece of joined(texts)) {
    pieces.push(piece);
    const pausing = actions.breathe();
    if (isPromiseLike(pausing)) await pausing;
  }
  return pieces;
}

function* joined(texts: Iterable<string>): Generator<string, void, void> {
  let gathered: string[] = [];
  let length = 0;
  for (const text of texts) {
    gathered.push(text);
    length += text.length;
    if (length < PIECE_LENGTH) continue;
    yield gathered.join("");
    gathered = [];
    length = 0;
  }
  if (length > 0) yield gathered.join("");
}
