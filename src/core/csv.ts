/** A value of a CSV row. null: an empty cell. Texts may come from anybody; numbers are our own. */
export type CsvCell = string | number | null;

/**
 * What a CSV file begins with: the byte order mark. Without it Excel reads UTF-8 as the code page of the machine, and
 * shows "MÃ¼ller". Programs that do not know the mark see it as part of the first column's name.
 */
export const CSV_BEGIN = '\uFEFF';

/**
 * Where a spreadsheet would begin to compute (owasp.org/www-community/attacks/CSV_Injection): at the beginning of a cell,
 * and after what begins a cell for one that does not split at commas. A German Excel splits at semicolons.
 */
const FORMULA = /^(?=[\t\r])|(?<=^|[;\t\r\n])(?="*[=+\-@＝＋－＠])/g;

const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * One row of a CSV file (RFC 4180), with its CRLF. A text that a spreadsheet would compute is made harmless by an
 * apostrophe before it: one that begins with `=`, `+`, `-`, `@` (also as wide characters), a tab or a carriage return. An
 * apostrophe also follows each `;`, tab or line break in a text before one of these signs. Numbers stay numbers, also
 * negative ones.
 */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = cell.replace(FORMULA, "'");
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
