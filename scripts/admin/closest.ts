/** The candidate that is most like `typed`, for a hint after a typing error. null: none is like it. */
export function closest(typed: string, candidates: readonly string[]): string | null {
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(typed, candidate) }))
    .toSorted((left, right) => left.edits - right.edits);
  return best && best.edits <= Math.max(2, typed.length / 3) ? best.candidate : null;
}

/** ` Did you mean …?` with the candidate that is most like `typed`, or nothing. `show`: how the candidate is written. */
export function didYouMean(
  typed: string,
  candidates: readonly string[],
  show = (candidate: string) => candidate,
): string {
  const best = closest(typed, candidates);
  return best === null ? '' : ` Did you mean \`${show(best)}\`?`;
}

/** How many characters must be added, removed or replaced to make one text of the other (Levenshtein distance). */
function editsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = (above[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      line.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above.at(-1) ?? 0;
}
