export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What is wrong with a body. `path`: the names of the members down to the fault, with dots; '' for the whole body. */
interface JsonFault {
  path: string;
  message: string;
}

/** How many levels of objects and arrays a body may have. The outermost object is the first level. */
const MAX_DEPTH = 32;

/** RFC 8259 §8.1: JSON on a network is UTF-8. A leading byte order mark is skipped, as the RFC permits. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const isJsonObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a request body. Refuses invalid UTF-8, malformed JSON, anything but an object at the top, more than 32 levels,
 * and half of a surrogate pair in a string or member name, which cannot be stored as UTF-8. Of duplicate members the
 * last one counts. `__proto__` is a member like any other. `text`: the body as text. Never throws.
 */
export function parseJsonObject(
  bytes: Uint8Array,
): { ok: true; value: JsonObject; text: string } | { ok: false; fault: JsonFault } {
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return refuse('', 'The body must be JSON in UTF-8: it holds bytes that are not valid UTF-8.');
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('', 'The body must be a JSON object: it is empty or not well-formed JSON.');
  }
  if (!isJsonObject(value)) {
    return refuse('', `The body must be a JSON object, for example {"title": "Deposit"}, not ${nameOfType(value)}.`);
  }
  const fault = firstFaultInside(value);
  return fault === null ? { ok: true, value, text } : { ok: false, fault };
}

/**
 * The same text for all ways to write a JSON value: members sorted by UTF-16 code unit at every depth, no white space,
 * numbers and strings as JSON.stringify prints them (so -0 is 0). `value`: as parseJsonObject returns it.
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** The length of a text in Unicode code points. Most emoji count as 1, where `text.length` counts 2. */
export function codePointLength(text: string): number {
  return [...text].length;
}

function refuse(path: string, message: string): { ok: false; fault: JsonFault } {
  return { ok: false, fault: { path, message } };
}

function nameOfType(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

/** The first fault inside a body, or null. Uses a list, not recursion, so that a deep body cannot exhaust the stack. */
function firstFaultInside(top: JsonObject): JsonFault | null {
  const containers: { value: JsonObject | JsonValue[]; path: string; depth: number }[] = [
    { value: top, path: '', depth: 1 },
  ];
  for (const { value, path, depth } of containers) {
    if (depth > MAX_DEPTH) {
      return { path, message: `The body must be nested at most ${MAX_DEPTH} levels deep.` };
    }
    for (const [name, member] of Object.entries(value)) {
      if (!name.isWellFormed()) {
        return { path, message: 'A member name holds half of a surrogate pair: send whole Unicode characters.' };
      }
      const memberPath = path === '' ? name : `${path}.${name}`;
      if (typeof member === 'string' && !member.isWellFormed()) {
        const message = `${memberPath} holds half of a surrogate pair: send whole Unicode characters.`;
        return { path: memberPath, message };
      }
      if (typeof member === 'object' && member !== null) {
        containers.push({ value: member, path: memberPath, depth: depth + 1 });
      }
    }
  }
  return null;
}
