import '@hyperjump/json-schema/formats';
import { BASIC } from '@hyperjump/json-schema/experimental';
import {
  hasSchema,
  registerSchema,
  setShouldValidateFormat,
  setShouldValidateSchema,
  type Validator,
  validate,
} from '@hyperjump/json-schema/openapi-3-1';
import * as z from 'zod';

setShouldValidateFormat(true);
// Half a second for each document. A unit test holds the document to this schema once.
setShouldValidateSchema(false);

/** The schema of OpenAPI 3.1 documents, with the JSON Schema dialect of their Schema Objects. */
export const OPENAPI_3_1 = 'https://spec.openapis.org/oas/3.1/schema-base';

const json = z.json();
const object = z.record(z.string(), json);
type JsonValue = z.output<typeof json>;

function isObject(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How unknown members are judged. `closed`: each is a fault. `open`: as the document says. */
export type Members = 'closed' | 'open';

/** A part of a document, by its JSON pointer. */
export interface Part {
  readonly pointer: string;
  readonly value: JsonValue;
}

/** An OpenAPI document: its parts by JSON pointer, and the verdict of its schemas about a value. */
export class OpenApiDocument {
  readonly #root: Record<string, JsonValue>;
  readonly #uri: string;
  readonly #validators = new Map<string, Promise<Validator>>();

  /** `uri`: made up, and the document's own in the process. */
  constructor(text: string, uri: string) {
    this.#root = object.parse(JSON.parse(text));
    this.#uri = uri;
    for (const [members, document] of [
      ['open', this.#root],
      ['closed', closed(this.#root)],
    ] as const) {
      if (!hasSchema(`${uri}/${members}`)) registerSchema(document, `${uri}/${members}`, OPENAPI_3_1);
    }
  }

  /** The part below `pointer` with these names. Where it is a reference, what it refers to. null: there is none. */
  part(pointer: string, ...names: readonly string[]): Part | null {
    const path = names.reduce(
      (parent, name) => `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      pointer,
    );
    const value = this.#valueAt(path);
    if (value === undefined) return null;
    const target = isObject(value) && typeof value.$ref === 'string' ? value.$ref.slice(1) : null;
    return target === null ? { pointer: path, value } : this.part(target);
  }

  /** The members of a part, each with references followed. */
  members(pointer: string, ...names: readonly string[]): [name: string, part: Part][] {
    const parent = this.part(pointer, ...names);
    if (!parent || typeof parent.value !== 'object' || parent.value === null) return [];
    return Object.keys(parent.value).flatMap((name) => {
      const part = this.part(parent.pointer, name);
      return part ? [[name, part] as [string, Part]] : [];
    });
  }

  /** The faults that the schema at `pointer` finds in a value. Empty: the value is valid. */
  async faultsOf(pointer: string, value: unknown, members: Members): Promise<string[]> {
    const uri = `${this.#uri}/${members}#${encodeURI(pointer)}`;
    const validator = this.#validators.get(uri) ?? validate(uri);
    this.#validators.set(uri, validator);
    const result = (await validator)(json.parse(value), BASIC);
    if (result.valid) return [];
    return (result.errors ?? []).map(
      ({ instanceLocation, absoluteKeywordLocation }) =>
        `${instanceLocation} against ${decodeURI(absoluteKeywordLocation.split('#')[1] ?? '')}`,
    );
  }

  #valueAt(pointer: string): JsonValue | undefined {
    const names = pointer.split('/').slice(1);
    return names.reduce<JsonValue | undefined>((node, name) => {
      const member = name.replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(node)) return node[Number(member)];
      return isObject(node) ? node[member] : undefined;
    }, this.#root);
  }
}

/** A copy of a document whose objects refuse members that they do not describe. */
function closed(node: Record<string, JsonValue>): Record<string, JsonValue> {
  const copy = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, isExample(name) ? value : closedValue(value)]),
  );
  const isSchema = copy.type === 'object' && isObject(copy.properties) && copy.additionalProperties === undefined;
  return isSchema ? { ...copy, additionalProperties: false } : copy;
}

function closedValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(closedValue);
  return isObject(value) ? closed(value) : value;
}

const isExample = (name: string) => name === 'example' || name === 'examples';
