const ROW_ID = /^[1-9]\d{0,15}$/;

/** A row id in a path, or null for what can be none: the caller answers 404 for both. */
export function parseRowId(text: string): number | null {
  const id = ROW_ID.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
}
