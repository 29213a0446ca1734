/** What was probably meant: the nearest of the candidates, if it is near enough. */
export function suggest(typed: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(typed.length / 3));
  const judged = candidates.map((candidate) => ({ candidate, distance: distanceBetween(typed, candidate) }));
  const [nearest] = judged.filter(({ candidate, distance }) => distance <= most || (typed.length > 1 && candidate.startsWith(typed))).sort((one, other) => one.distance - other.distance);
  return nearest?.candidate;
}

/** ` Did you mean X?`, or nothing. */
export function didYouMean(typed: string, candidates: readonly string[], show = (candidate: string) => candidate): string {
  const meant = suggest(typed, candidates);
  return meant === undefined ? "" : ` Did you mean ${show(meant)}?`;
}

/** How many letters must be typed, left out, replaced or swapped with the next (optimal string alignment). */
function distanceBetween(one: string, other: string): number {
  let older: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min((above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) least = Math.min(least, (older[column - 2] ?? 0) + 1);
      current.push(least);
    }
    older = above;
    above = current;
  }
  return above[other.length] ?? 0;
}
