/** The members of `content` that differ from the row. To write only these keeps two changes at once from undoing each other. */
export function changedOf<Row extends object>(row: Row, content: Partial<Row>): Partial<Row> {
  const changed: Partial<Row> = { ...content };
  for (const name in changed) {
    if (JSON.stringify(changed[name]) === JSON.stringify(row[name])) delete changed[name];
  }
  return changed;
}

/** The members that are not undefined: undefined means that a member was not sent. */
export function definedOf<T extends object>(changes: T): Partial<T> {
  const kept: Partial<T> = { ...changes };
  for (const name in kept) if (kept[name] === undefined) delete kept[name];
  return kept;
}
