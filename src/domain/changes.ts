/** The members that differ from the row's present ones. Nothing else is written: two changes at once do not undo each other. */
export function changedOf<Row extends object>(row: Row, content: Partial<Row>): Partial<Row> {
  const changed: Partial<Row> = { ...content };
  for (const name in changed) {
    if (JSON.stringify(changed[name]) === JSON.stringify(row[name])) delete changed[name];
  }
  return changed;
}

/** Only the members that have a value: undefined means that a member was not sent. */
export function definedOf<T extends object>(changes: T): Partial<T> {
  const kept: Partial<T> = { ...changes };
  for (const name in kept) if (kept[name] === undefined) delete kept[name];
  return kept;
}
