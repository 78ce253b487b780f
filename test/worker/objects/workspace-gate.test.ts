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

/** How a request ends that has begun or resumed the key: done, with its own id as its answer. */
function ending(operation: Operation, requestId: string, change: Partial<FinishInput> = {}): FinishInput {
  return {
    key: { name: KEY_NAME, holder: requestId },
    operationId: operation.id,
    outcome: 'done',
    answer: answerOf(requestId),
    code: null,
    requestId,
    ...change,
  };
}

const FAILED = { outcome: 'unknown', answer: answerOf('failed', 503), code: 'service_unavailable' } as const;

function passLease(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + LEASE_MS + 1);
}

const REFUSED = { outcome: 'no_effect', answer: answerOf('refused', 409), code: 'payment_not_refundable' } as const;

/** The first request has begun the key and outlived its lease, and the second has resumed it. */
async function resumedBySecond() {
  const { gate, stub } = newGate();
  const operation = await begin(gate, 'first');
  passLease();
  const resumed = await begin(gate, 'second');
  expect([resumed.id, resumed.resumed]).toEqual([operation.id, true]);
  /** A further request with the same body, once it waits at the gate. */
  const waiting = async (requestId: string, body = 'body') => {
    const before = (await stub.recentRequests()).length;
    const answered = admit(gate, requestId, body);
    await vi.waitFor(async () => expect(await stub.recentRequests()).toHaveLength(before + 1), { timeout: 30_000 });
    return { answered };
  };
  return { gate, operation, resumed, waiting };
}

const ENDINGS = [
  ['stores no answer', {}],
  ['does not free the key', REFUSED],
  ['does not release the key', FAILED],
] as const;

describe('a request whose key another request has resumed', () => {
  it.each(ENDINGS)('%s while that one runs: duplicates wait for that one', async (_, late) => {
    const { gate, operation, resumed, waiting } = await resumedBySecond();
    const duplicate = await waiting('third');
    await gate.finish(ending(operation, 'first', late));
    const another = await waiting('fourth');
    expect(await admit(gate, 'fifth', 'other body')).toMatchObject({ kind: 'conflict' });
    await gate.finish(ending(resumed, 'second'));
    for (const { answered } of [duplicate, another]) {
      expect(await answered).toMatchObject({ kind: 'stored', answer: { body: 'second' } });
    }
  });

  it.each(ENDINGS)('%s after that one has stored its answer, which stays', async (_, late) => {
    const { gate, operation, resumed } = await resumedBySecond();
    await gate.finish(ending(resumed, 'second'));
    await gate.finish(ending(operation, 'first', late));
    expect(await admit(gate, 'third', 'body')).toMatchObject({ kind: 'stored', answer: { body: 'second' } });
    expect(await admit(gate, 'fourth', 'other body')).toMatchObject({ kind: 'conflict' });
  });

  it('begins no attempt of the operation, and cannot take one from that one', async () => {
    const { gate, operation, resumed } = await resumedBySecond();
    const [first, second] = [
      { name: KEY_NAME, holder: 'first' },
      { name: KEY_NAME, holder: 'second' },
    ];
    expect(await gate.nextAttempt(first, operation.id, 1)).toBeNull();
    expect(await gate.nextAttempt(second, resumed.id, 1)).toMatchObject({ id: operation.id, attempt: 2 });
    expect(await gate.nextAttempt(first, operation.id, 1)).toBeNull();
    expect(await gate.nextAttempt(first, operation.id, 2)).toBeNull();
  });

  it('never answers a duplicate of a later operation under the same key', async () => {
    const { gate, operation, resumed, waiting } = await resumedBySecond();
    await gate.finish(ending(resumed, 'second', REFUSED));
    const later = await begin(gate, 'third', 'other body');
    expect(later.id).not.toBe(operation.id);
    const duplicate = await waiting('fourth', 'other body');
    await gate.finish(ending(operation, 'first'));
    await gate.finish(ending(later, 'third'));
    expect(await duplicate.answered).toMatchObject({ kind: 'stored', answer: { body: 'third' } });
  });

  it('leaves the same operation to be resumed when neither knows its outcome', async () => {
    const { gate, operation, resumed } = await resumedBySecond();
    await gate.finish(ending(resumed, 'second', FAILED));
    await gate.finish(ending(operation, 'first', FAILED));
    expect(await begin(gate, 'third')).toMatchObject({ id: operation.id, resumed: true });
  });
});

describe('a request that holds its key', () => {
  it('may still end it after its lease, where no other request has resumed it', async () => {
    const { gate } = newGate();
    const operation = await begin(gate, 'first');
    passLease();
    await gate.finish(ending(operation, 'first'));
    expect(await admit(gate, 'second', 'body')).toMatchObject({ kind: 'stored', answer: { body: 'first' } });
  });

  it.each(ENDINGS)('may say twice how it ended: the second time %s', async (_, end) => {
    const { gate } = newGate();
    const operation = await begin(gate, 'first');
    await gate.finish(ending(operation, 'first', end));
    const before = await admit(gate, 'second', 'body');
    await gate.finish(ending(operation, 'first', end));
    if (before.kind !== 'run')
      expect(await admit(gate, 'third', 'body')).toEqual({ ...before, rate: expect.anything() });
    else await gate.finish(ending(before.operation, 'second'));
    expect(await admit(gate, 'fourth', 'body')).toMatchObject({
      kind: 'stored',
      answer: { body: before.kind === 'run' ? 'second' : 'first' },
    });
  });

  it('gets the same attempt where the reply was lost and it asks again', async () => {
    const { gate } = newGate();
    const operation = await begin(gate, 'first');
    const key = { name: KEY_NAME, holder: 'first' };
    const begun = await gate.nextAttempt(key, operation.id, 1);
    expect(begun).toMatchObject({ id: operation.id, attempt: 2 });
    expect(await gate.nextAttempt(key, operation.id, 1)).toEqual(begun);
    await gate.finish(ending(operation, 'first'));
    expect(await gate.nextAttempt(key, operation.id, 2)).toBeNull();
  });
});

describe('an answer that is stored after its caller has it', () => {
  it('is waited for by the same request, and keeps another body out', async () => {
    const { gate, stub } = newGate();
    const operation = await begin(gate, 'first');
    const again = admit(gate, 'second', 'body');
    await vi.waitFor(async () => expect(await stub.recentRequests()).toHaveLength(2), { timeout: 30_000 });
    expect(await admit(gate, 'third', 'other body')).toMatchObject({ kind: 'conflict' });
    await gate.finish(ending(operation, 'first'));
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
    await gate.finish(ending(operation, 'first', FAILED));
    await waiting;
    await gate.finish(ending(await begin(gate, 'resumed'), 'resumed'));
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

describe('what a gate writes', () => {
  const written = (stub: ReturnType<typeof newGate>['stub']) =>
    runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec<{ request_id: string }>('SELECT request_id FROM recent_requests ORDER BY number').toArray(),
    ).then((rows) => rows.map((row) => row.request_id));

  /** Lets time pass inside of the object, where its timers run. */
  const advance = (stub: ReturnType<typeof newGate>['stub'], ms: number) =>
    runInDurableObject(stub, () => void vi.advanceTimersByTime(ms));

  it('is written right after one request alone, so that no timer keeps the object in memory', async () => {
    const { gate, stub } = newGate();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    await admit(gate, 'alone', null);
    await advance(stub, 1);
    expect([vi.getTimerCount(), await written(stub)]).toEqual([0, ['alone']]);
  });

  it('is written once in two seconds while requests come faster', async () => {
    const { gate, stub } = newGate();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    await admit(gate, 'first', null);
    await advance(stub, 1);
    for (const requestId of ['second', 'third']) await admit(gate, requestId, null);
    await advance(stub, 1_900);
    expect([vi.getTimerCount(), await written(stub)]).toEqual([1, ['first']]);
    await advance(stub, 100);
    expect([vi.getTimerCount(), await written(stub)]).toEqual([0, ['first', 'second', 'third']]);
  });

  it('of a request with an idempotency key is written when the request ends, once', async () => {
    const { gate, stub } = newGate();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const operation = await begin(gate, 'keyed');
    await advance(stub, 10_000);
    expect([vi.getTimerCount(), await written(stub)]).toEqual([0, []]);
    await gate.finish(ending(operation, 'keyed'));
    await advance(stub, 1);
    expect([vi.getTimerCount(), await written(stub)]).toEqual([0, ['keyed']]);
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
