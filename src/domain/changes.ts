/** The members of `content` that differ from `row`. Writing only these does not undo the changes of other requests. */
export function changedOf<Row extends object>(row: Row, content: Partial<Row>): Partial<Row> {
  const changed: Partial<Row> = { ...content };
  for (const name in changed) {
    if (JSON.stringify(changed[name]) === JSON.stringify(row[name])) delete changed[name];
  }
  return changed;
}

/** The members of `changes` that are not undefined. An undefined member was not sent. */
export function definedOf<T extends object>(changes: T): Partial<T> {
  const kept: Partial<T> = { ...changes };
  for (const name in kept) if (kept[name] === undefined) delete kept[name];
  return kept;
}
