import * as z from 'zod/mini';

const ROW_ID = /^[1-9]\d{0,15}$/;

/** A row id as text, or null for what can be none. */
export function parseRowId(text: string): number | null {
  const id = ROW_ID.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
}

/** `:id` of a path that names a row: null for what names none, so that the use case answers 404 as for an unknown one. */
export const rowIdParam = z.object({ id: z.pipe(z.string(), z.transform(parseRowId)) });

/** `:id` of a path that names a thing by its text id. */
export const textIdParam = z.object({ id: z.string() });
