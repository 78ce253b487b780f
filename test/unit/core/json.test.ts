import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, codePointLength, type JsonValue, parseJsonObject } from '../../../src/core/json.ts';

const parse = (text: string) => parseJsonObject(new TextEncoder().encode(text));

/** The value or the fault, without the text that a value was read from. */
function read(text: string) {
  const parsed = parse(text);
  return parsed.ok ? { ok: parsed.ok, value: parsed.value } : parsed;
}

/** An object whose innermost member is `levels` objects deep, the outermost being the first. */
const nestedObjects = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

/** The same value with the members of every object inserted in the opposite order. */
function withMembersReversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withMembersReversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, withMembersReversed(member)]));
}

const anyJson = fc.jsonValue({ noUnicodeString: false }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));

describe('parseJsonObject', () => {
  it('reads an object as JSON.parse does', () => {
    expect(read('{"amount":49.99,"metadata":{"order_id":"1042"},"list":[1,null,true]}')).toEqual({
      ok: true,
      value: { amount: 49.99, metadata: { order_id: '1042' }, list: [1, null, true] },
    });
  });

  it('lets the last of duplicate members win', () => {
    expect(read('{"a":1,"a":2}')).toEqual({ ok: true, value: { a: 2 } });
  });

  it('skips a byte order mark', () => {
    expect(read('\uFEFF{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  });

  it('keeps the text as it came, but for the byte order mark', () => {
    expect(parse('\uFEFF{ "a":1e999 }')).toMatchObject({ text: '{ "a":1e999 }' });
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['half an object', '{"a":1'],
    ['two objects', '{} {}'],
    ['single quotes', "{'a':1}"],
    ['a trailing comma', '{"a":1,}'],
    ['NaN', '{"a":NaN}'],
    ['a form', 'amount=1&currency=gbp'],
  ])('refuses %s as malformed', (_, text) => {
    const result = read(text);
    expect(result).toEqual({ ok: false, fault: { path: '', message: expect.stringContaining('not well-formed') } });
  });

  it.each([
    ['null', 'not null'],
    ['true', 'not a boolean'],
    ['1', 'not a number'],
    ['"{}"', 'not a string'],
    ['[{}]', 'not an array'],
  ])('refuses %s at the top', (text, ending) => {
    const result = read(text);
    expect(result).toEqual({ ok: false, fault: { path: '', message: expect.stringContaining(ending) } });
  });

  it.each([
    ['a byte that never occurs', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a cut-off character', [0xe2, 0x82]],
  ])('refuses %s as invalid UTF-8', (_, bytes) => {
    const body = new Uint8Array([...new TextEncoder().encode('{"a":"'), ...bytes, ...new TextEncoder().encode('"}')]);
    const result = parseJsonObject(body);
    expect(result).toEqual({ ok: false, fault: { path: '', message: expect.stringContaining('UTF-8') } });
  });

  it.each([
    ['a value', String.raw`{"metadata":{"order":"x\ud800"}}`, 'metadata.order'],
    ['a value in a list', String.raw`{"a":["ok","\udfff"]}`, 'a.1'],
    ['a pair in the wrong order', String.raw`{"a":"\udc00\ud800"}`, 'a'],
    ['a member name', String.raw`{"metadata":{"\ud83d":"x"}}`, 'metadata'],
    ['a member name at the top', String.raw`{"\ud83d":"x"}`, ''],
  ])('refuses a lone surrogate in %s and says where', (_, text, path) => {
    expect(read(text)).toEqual({ ok: false, fault: { path, message: expect.stringContaining('surrogate') } });
  });

  it('accepts a whole surrogate pair', () => {
    expect(read(String.raw`{"a":"\ud83d\ude00"}`)).toEqual({ ok: true, value: { a: '😀' } });
  });

  it('accepts 32 levels and refuses 33', () => {
    expect(read(nestedObjects(32)).ok).toBe(true);
    expect(read(`{"a":${'['.repeat(31)}${']'.repeat(31)}}`).ok).toBe(true);
    const tooDeep = { ok: false, fault: { message: expect.stringContaining('32 levels') } };
    expect(read(nestedObjects(33))).toMatchObject(tooDeep);
    expect(read(`{"a":${'['.repeat(32)}${']'.repeat(32)}}`)).toMatchObject(tooDeep);
  });

  it.each([10_000, 100_000])('refuses %i levels without running out of stack', (levels) => {
    expect(read(nestedObjects(levels)).ok).toBe(false);
    expect(read(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`).ok).toBe(false);
  });

  it('keeps __proto__ and constructor as members of their own and changes no prototype', () => {
    const result = read('{"__proto__":{"polluted":true},"metadata":{"__proto__":"x","constructor":"y"}}');
    if (!result.ok) throw new Error(result.fault.message);
    expect(Object.keys(result.value)).toEqual(['__proto__', 'metadata']);
    expect(Object.keys(result.value.metadata ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(result.value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  it('looks inside __proto__ members too', () => {
    expect(read(String.raw`{"__proto__":{"a":"\ud800"}}`)).toMatchObject({ ok: false, fault: { path: '__proto__.a' } });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseJsonObject(bytes).ok).toBeTypeOf('boolean');
      }),
    );
  });
});

describe('canonicalJson', () => {
  it('sorts members by code unit at every depth and leaves lists in order', () => {
    const text = canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null, B: 'x', é: 1, '10': 1, '9': 1 });
    expect(text).toBe('{"10":1,"9":1,"B":"x","a":null,"b":[{"c":2,"d":1},3],"é":1}');
  });

  it('prints numbers as JSON.stringify does', () => {
    const result = read('{"a":1.0,"b":1e2,"c":-0,"d":0.10,"e":1e21}');
    expect(result.ok && canonicalJson(result.value)).toBe('{"a":1,"b":100,"c":0,"d":0.1,"e":1e+21}');
  });

  it('keeps a __proto__ member', () => {
    const result = read('{"b":1,"__proto__":{"x":1}}');
    expect(result.ok && canonicalJson(result.value)).toBe('{"__proto__":{"x":1},"b":1}');
  });

  it('is the same for reordered members, and reads back as the same value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(withMembersReversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  it('differs where the values differ', () => {
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }));
    expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
    expect(canonicalJson({ a: null })).not.toBe(canonicalJson({}));
  });
});

describe('codePointLength', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['😀', 1],
    ['👨‍👩‍👧', 5],
  ])('counts %j as %i', (text, length) => {
    expect(codePointLength(text)).toBe(length);
  });
});
