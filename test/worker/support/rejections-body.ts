import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { footprint } from './api.ts';
import {
  expectRefusal,
  expectRefusals,
  newTarget,
  type ProtectedRoute,
  send,
  type Target,
  targetsOf,
} from './protected-route.ts';
import { BASE, newWorkspace } from './workspace.ts';

const LIMIT_BYTES = 64 * 1024;
const utf8 = new TextEncoder();

/** Sends raw bytes or a stream, with exactly these headers beside the key. */
async function sendRaw(target: Target, body: BodyInit, headers: Record<string, string>): Promise<Response> {
  return await exports.default.fetch(`${BASE}${target.path}`, {
    method: target.route.method,
    headers: { Authorization: `Bearer ${target.workspace.key}`, ...headers },
    body,
  });
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The body that succeeds, with a member nobody reads, in so many bytes. */
function paddedTo(route: ProtectedRoute, bytes: number): Uint8Array {
  const bare = utf8.encode(JSON.stringify({ ...route.body, padding: '' })).length;
  return utf8.encode(JSON.stringify({ ...route.body, padding: 'x'.repeat(bytes - bare) }));
}

function inChunks(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(offset, offset + 1000));
      offset += 1000;
    },
  });
}

function compressed(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
}

/** The valid members, then one more that is written as it stands. */
function withMember(route: ProtectedRoute, member: string): string {
  const bare = JSON.stringify(route.body);
  return bare === '{}' ? `{${member}}` : `${bare.slice(0, -1)},${member}}`;
}

/** What the transport and the JSON reader refuse, whatever the route makes of a well-formed body. */
export function rejectsBadBodies(route: ProtectedRoute, shared: () => Promise<Target>): void {
  describe('a body', () => {
    it('over 64 KB, announced or chunked, and takes one of exactly 64 KB', async () => {
      const target = await newTarget(route);
      const sizes = [LIMIT_BYTES + 1, 5 * LIMIT_BYTES];
      const announced = (size: number) => sendRaw(target, paddedTo(route, size), JSON_TYPE);
      await expectRefusals(target, sizes, announced, 413, 'payload_too_large');
      const chunked = (size: number) => sendRaw(target, inChunks(paddedTo(route, size)), JSON_TYPE);
      await expectRefusals(target, sizes, chunked, 413, 'payload_too_large');
      expect((await sendRaw(target, paddedTo(route, LIMIT_BYTES), JSON_TYPE)).status).toBe(route.success);
      const second = await newTarget(route, target.workspace);
      expect((await sendRaw(second, inChunks(paddedTo(route, LIMIT_BYTES)), JSON_TYPE)).status).toBe(route.success);
    });

    it('of another media type, or of none', async () => {
      const target = await shared();
      const bytes = utf8.encode(JSON.stringify(route.body));
      const types = [
        ...['text/plain', 'text/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'],
        ...['application/jsonx', 'application/json, text/plain', 'application/merge-patch+json', 'json', '*/*'],
        ...['application/json; charset=latin1', 'application/json; charset=utf-16', 'application/json; charset='],
      ];
      const typed = (type: string) => sendRaw(target, bytes, { 'Content-Type': type });
      await expectRefusals(target, types, typed, 415, 'unsupported_media_type');
      await expectRefusal(target, () => sendRaw(target, bytes, {}), 415, 'unsupported_media_type');
    });

    it('with any Content-Encoding', async () => {
      const target = await shared();
      const text = JSON.stringify(route.body);
      const gzip = () => sendRaw(target, compressed(text), { ...JSON_TYPE, 'Content-Encoding': 'gzip' });
      await expectRefusal(target, gzip, 415, 'unsupported_media_type');
      const encoded = (encoding: string) => sendRaw(target, text, { ...JSON_TYPE, 'Content-Encoding': encoding });
      await expectRefusals(target, ['identity', 'br', 'deflate', 'x'], encoded, 415, 'unsupported_media_type');
    });

    it('but not for how its JSON type is written', async () => {
      const next = targetsOf(route);
      for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="UTF-8"']) {
        const target = await next();
        const response = await sendRaw(target, JSON.stringify(route.body), { 'Content-Type': type });
        expect([type, response.status]).toEqual([type, route.success]);
      }
    });

    it('that is not well-formed JSON', async () => {
      const target = await shared();
      const malformed = [
        ...['{', '}', '{"a":1,}', "{'a':1}", '{a:1}', '{"a":01}', '{"a":NaN}', '{"a":undefined}', '{} {}', '\u0000'],
        ...['{"a":"\u0001"}', '{"a":"\n"}', '{"a":+1}', '{"a":0x1}', '{/**/}', 'amount=1', ' ', '\uFEFF\uFEFF{}'],
        ...(route.bodyOptional ? [] : ['']),
      ];
      const request = (body: string) => send(target, { body });
      for (const { error } of await expectRefusals(target, malformed, request, 400, 'validation_failed')) {
        expect(error.message).toContain('JSON');
      }
    });

    it('that is JSON and no object', async () => {
      const target = await shared();
      const request = (body: string) => send(target, { body });
      const others = ['null', '[]', '[{}]', '"text"', '1', 'true'];
      for (const { error } of await expectRefusals(target, others, request, 400, 'validation_failed')) {
        expect(error.message).toContain('object');
      }
    });

    it('nested deeper than 32 levels, and takes one of 32', async () => {
      const target = await newTarget(route);
      const nested = (levels: number, open: string, close: string) =>
        withMember(
          route,
          `"deep":${open.repeat(levels - 1)}${open.includes(':') ? '1' : ''}${close.repeat(levels - 1)}`,
        );
      const deep = [33, 10_000].flatMap((levels) => [nested(levels, '[', ']'), nested(levels, '{"a":', '}')]);
      const request = (body: string) => send(target, { body });
      for (const { error } of await expectRefusals(target, deep, request, 400, 'validation_failed')) {
        expect(error.message).toContain('32');
      }
      expect((await send(target, { body: nested(32, '[', ']') })).status).toBe(route.success);
    });

    it('with half a surrogate pair, in a value or a name, at any depth', async () => {
      const target = await newTarget(route);
      const members = ['"a":"\\ud800"', '"a":"x\\udc00y"', '"a":[{"b":"\\udfff\\ud800"}]', '"a\\ud800":1'];
      const half = (member: string) => send(target, { body: withMember(route, member) });
      await expectRefusals(target, members, half, 400, 'validation_failed');
      const whole = withMember(route, '"a":"\\ud83d\\ude00"');
      expect((await send(target, { body: whole })).status).toBe(route.success);
    });

    it('that is not UTF-8', async () => {
      const target = await shared();
      const before = utf8.encode(withMember(route, '"a":"').slice(0, -1));
      const sequences = [[0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80]];
      const request = (sequence: number[]) =>
        sendRaw(target, new Uint8Array([...before, ...sequence, ...utf8.encode('"}')]), JSON_TYPE);
      for (const { error } of await expectRefusals(target, sequences, request, 400, 'validation_failed')) {
        expect(error.message).toContain('UTF-8');
      }
    });

    it('but not for members it does not know, or names twice', async () => {
      const other = await newWorkspace();
      const before = await footprint(other);
      const members = `"tenant_id":"${other.workspace.id}","workspace_id":"${other.workspace.id}","livemode":true,"id":7`;
      const next = targetsOf(route);
      for (const extra of [members, '"x":1,"x":{"y":2}', '"__proto__":{"x":1},"constructor":null']) {
        const target = await next();
        expect((await send(target, { body: withMember(route, extra) })).status).toBe(route.success);
      }
      expect(await footprint(other)).toEqual(before);
    });
  });

  describe('an Idempotency-Key', () => {
    it('that is not 1 to 255 visible ASCII characters', async () => {
      const target = await shared();
      const bad = ['', '""', 'k'.repeat(256), `"${'k'.repeat(256)}"`, 'two words', 'tab\there', 'a\u0001b', '\u007f'];
      const keys = [...bad, 'caf\u00e9', '"two words"'];
      const keyed = (key: string) => send(target, { headers: { 'Idempotency-Key': key } });
      for (const { error } of await expectRefusals(target, keys, keyed, 400, 'validation_failed')) {
        expect(error.details?.map(({ path }) => path)).toEqual(['Idempotency-Key']);
      }
    });

    it('but takes the longest, and quotes around it', async () => {
      const next = targetsOf(route);
      for (const key of ['k'.repeat(255), `"${'~'.repeat(255)}"`, '!', '"']) {
        const target = await next();
        const response = await send(target, { headers: { 'Idempotency-Key': key } });
        expect([key, response.status]).toEqual([key, route.success]);
      }
    });
  });
}
