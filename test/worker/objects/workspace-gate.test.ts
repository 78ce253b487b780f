import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Gate, gateOf } from '../../../src/objects/gate-client.ts';
import type { Operation } from '../../../src/objects/idempotency-store.ts';
import type { Admission, AdmitInput, FinishInput } from '../../../src/objects/workspace-gate.ts';

const KEY_NAME = 'POST /refunds key-1';
const LEASE_MS = 30_000;

afterEach(() => {
  vi.useRealTimers();
});

function newGate() {
  const name = crypto.randomUUID();
  const stub = env.WORKSPACE_GATE.getByName(name);
  const gate = gateOf(env.WORKSPACE_GATE, name);
  /** Id, status and code of each request, the oldest first. */
  const requests = async () =>
    (await stub.recentRequests()).map(({ requestId, status, code }) => [requestId, status, code]).reverse();
  return { gate, stub, requests };
}

/** Asks the gate to admit a request. `body`: null for a request without an idempotency key. */
async function admit(
  gate: Gate,
  requestId: string,
  body: string | null,
  change: Partial<AdmitInput['request']> = {},
): Promise<Admission> {
  return await gate.admit({
    limitPerMinute: 1_000,
    shard: '0',
    request: {
      at: Date.now(),
      keyId: 'key_1',
      method: 'POST',
      route: '/refunds',
      status: null,
      code: null,
      requestId,
      ...change,
    },
    idempotency: body === null ? null : { name: KEY_NAME, fingerprint: body, holder: requestId },
  });
}

async function begin(gate: Gate, requestId: string, body = 'body'): Promise<Operation> {
  const admission = await admit(gate, requestId, body);
  if (admission.kind !== 'run') throw new Error(`Not admitted: ${admission.kind}`);
  return admission.operation;
}

const answerOf = (body: string, status = 201) => ({ status, body, headers: {} });

function ending(operation: Operation, change: Partial<FinishInput> = {}): FinishInput {
  return {
    idempotencyName: KEY_NAME,
    operationId: operation.id,
    outcome: 'done',
    answer: answerOf('first'),
    code: null,
    requestId: 'first',
    ...change,
  };
}

const FAILED = { outcome: 'unknown', answer: answerOf('failed', 503), code: 'service_unavailable' } as const;

function passLease(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + LEASE_MS + 1);
}

describe('the end of a key that another request has resumed', () => {
  it('is the first answer that came, whoever sent it, for good', async () => {
    const { gate } = newGate();
    const operation = await begin(gate, 'first');
    passLease();
    const resumed = await begin(gate, 'second');
    expect([resumed.id, resumed.resumed]).toEqual([operation.id, true]);
    await gate.finish(ending(resumed, { requestId: 'second', answer: answerOf('second') }));
    await gate.finish(ending(operation));
    await gate.finish(ending(operation, FAILED));
    expect(await admit(gate, 'third', 'body')).toMatchObject({ kind: 'stored', answer: { body: 'second' } });
    expect(await admit(gate, 'fourth', 'other body')).toMatchObject({ kind: 'conflict' });
  });

  it('may come from the first request while the second runs: a duplicate waits no longer', async () => {
    const { gate, stub } = newGate();
    const operation = await begin(gate, 'first');
    passLease();
    const resumed = await begin(gate, 'second');
    const duplicate = admit(gate, 'third', 'body');
    await vi.waitFor(async () => expect(await stub.recentRequests()).toHaveLength(3), { timeout: 30_000 });
    await gate.finish(ending(operation));
    expect(await duplicate).toMatchObject({ kind: 'stored', answer: { body: 'first' } });
    await gate.finish(ending(resumed, { ...FAILED, requestId: 'second' }));
    expect(await admit(gate, 'fourth', 'body')).toMatchObject({ kind: 'stored', answer: { body: 'first' } });
  });

  it('leaves the same operation to be resumed when neither request knows its outcome', async () => {
    const { gate } = newGate();
    const operation = await begin(gate, 'first');
    passLease();
    const resumed = await begin(gate, 'second');
    await gate.finish(ending(operation, FAILED));
    expect(await begin(gate, 'third')).toMatchObject({ id: operation.id, resumed: true });
    await gate.finish(ending(resumed, { ...FAILED, requestId: 'second' }));
    expect(await begin(gate, 'fourth')).toMatchObject({ id: operation.id, resumed: true });
  });

  it('never answers a duplicate of a later operation under the same key', async () => {
    const { gate, stub } = newGate();
    const operation = await begin(gate, 'first');
    passLease();
    const resumed = await begin(gate, 'second');
    await gate.finish(ending(operation, { outcome: 'no_effect', answer: answerOf('refused', 409), code: 'not_found' }));
    const later = await begin(gate, 'third', 'other body');
    expect(later.id).not.toBe(operation.id);
    const duplicate = admit(gate, 'fourth', 'other body');
    await vi.waitFor(async () => expect(await stub.recentRequests()).toHaveLength(4), { timeout: 30_000 });
    await gate.finish(ending(resumed, { requestId: 'second', answer: answerOf('second') }));
    await gate.finish(ending(later, { requestId: 'third', answer: answerOf('third') }));
    expect(await duplicate).toMatchObject({ kind: 'stored', answer: { body: 'third' } });
  });
});

describe('an answer that is stored after its caller has it', () => {
  it('is waited for by the same request, and keeps another body out', async () => {
    const { gate, stub } = newGate();
    const operation = await begin(gate, 'first');
    const again = admit(gate, 'second', 'body');
    await vi.waitFor(async () => expect(await stub.recentRequests()).toHaveLength(2), { timeout: 30_000 });
    expect(await admit(gate, 'third', 'other body')).toMatchObject({ kind: 'conflict' });
    await gate.finish(ending(operation));
    expect(await again).toMatchObject({ kind: 'stored', answer: { body: 'first' } });
  });
});

describe('the last requests', () => {
  it('have what became of every request under a key', async () => {
    const { gate, requests } = newGate();
    const operation = await begin(gate, 'first');
    const waiting = admit(gate, 'waiting', 'body');
    await vi.waitFor(async () => expect(await requests()).toHaveLength(2), { timeout: 30_000 });
    await admit(gate, 'other', 'other body');
    await gate.finish(ending(operation, FAILED));
    await waiting;
    await gate.finish(ending(await begin(gate, 'resumed'), { requestId: 'resumed' }));
    await admit(gate, 'again', 'body');
    expect(await requests()).toEqual([
      ['first', 503, 'service_unavailable'],
      ['waiting', 503, 'service_unavailable'],
      ['other', 409, 'idempotency_key_conflict'],
      ['resumed', 201, null],
      ['again', 201, null],
    ]);
  });

  it('have a refusal as it came', async () => {
    const { gate, requests } = newGate();
    await admit(gate, 'refused', null, { status: 400, code: 'validation_failed' });
    expect(await requests()).toEqual([['refused', 400, 'validation_failed']]);
  });

  it('of one id are completed one by one, the oldest first, also after they were written', async () => {
    const { gate, stub, requests } = newGate();
    await admit(gate, 'same', null);
    await admit(gate, 'same', null);
    await requests();
    await evictDurableObject(stub);
    gate.answered({ requestId: 'same', status: 200, code: null });
    gate.answered({ requestId: 'unknown', status: 200, code: null });
    gate.answered({ requestId: 'same', status: 404, code: 'not_found' });
    await admit(gate, 'last', null);
    const expected = [
      ['same', 200, null],
      ['same', 404, 'not_found'],
      ['last', null, null],
    ];
    expect(await requests()).toEqual(expected);
    await evictDurableObject(stub);
    expect(await requests()).toEqual(expected);
  });

  it('lie in the columns of one table, a hundred rows at most', async () => {
    const { gate, stub, requests } = newGate();
    for (let sent = 0; sent < 101; sent++) await admit(gate, `request-${sent}`, null, { at: sent });
    await requests();
    const rows = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec('SELECT * FROM recent_requests ORDER BY slot').toArray(),
    );
    expect(rows).toHaveLength(100);
    expect(rows[0]).toEqual({
      slot: 0,
      number: 100,
      at: 100,
      key_id: 'key_1',
      method: 'POST',
      route: '/refunds',
      status: null,
      code: null,
      request_id: 'request-100',
    });
  });
});

describe('what became of requests, until the next one of their workspace', () => {
  it('is remembered of a hundred requests', async () => {
    const { gate, requests } = newGate();
    for (const requestId of ['forgotten', 'remembered']) await admit(gate, requestId, null);
    for (const requestId of ['forgotten', 'remembered', ...Array.from({ length: 99 }, (_, index) => `${index}`)]) {
      gate.answered({ requestId, status: 200, code: null });
    }
    await admit(gate, 'last', null);
    expect(await requests()).toEqual([
      ['forgotten', null, null],
      ['remembered', 200, null],
      ['last', null, null],
    ]);
  });

  it('is remembered of a hundred workspaces', async () => {
    const workspaces = Array.from({ length: 101 }, newGate);
    const [forgotten, remembered] = workspaces;
    if (!forgotten || !remembered) throw new Error('Two workspaces were made');
    for (const { gate } of [forgotten, remembered]) await admit(gate, 'first', null);
    for (const { gate } of workspaces) gate.answered({ requestId: 'first', status: 200, code: null });
    for (const { gate } of [forgotten, remembered]) await admit(gate, 'last', null);
    const last = ['last', null, null];
    expect(await forgotten.requests()).toEqual([['first', null, null], last]);
    expect(await remembered.requests()).toEqual([['first', 200, null], last]);
  });
});
