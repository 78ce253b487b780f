import { hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseApiKey } from '../../../src/core/api-keys.ts';
import {
  apiKeyIdOf,
  deliveryIdFor,
  deriveBytes,
  eventIdFor,
  operationIdOfForm,
  pairIdsOf,
  paymentLinkTokenOf,
  publicKeyOf,
  webhookEndpointIdOf,
} from '../../../src/core/derive.ts';
import { newOperationId, newWebhookEndpointId, parsePaymentLinkToken, shardOf } from '../../../src/core/ids.ts';

describe('what an operation makes', () => {
  const OPERATION = 'op_kAbcdefghijklmnopqrstuvwxyz1';

  it('keeps its value from release to release', async () => {
    expect(await paymentLinkTokenOf(OPERATION)).toBe('lnk_ke7jk626cl2x22m13pzjy');
    expect(await apiKeyIdOf(OPERATION)).toBe('key_kf5d7081dd84ebb21560fc98399');
    expect(await webhookEndpointIdOf(OPERATION)).toBe('we_k06f8df99540a6810cd68f11043');
    expect(await publicKeyOf(OPERATION, 'live')).toBe('pk_live_kuVSibqz2WTCUyfJniD2HTIWH2ZLMM2');
  });

  it('has the form of any other, and the shard of its operation', async () => {
    expect(parsePaymentLinkToken(await paymentLinkTokenOf(OPERATION))).toEqual({ shard: 'k' });
    const parsed = parseApiKey(await publicKeyOf(OPERATION, 'sandbox'));
    expect(parsed).toEqual({ kind: 'public', mode: 'sandbox', shard: 'k' });
  });

  it.each([paymentLinkTokenOf, apiKeyIdOf, webhookEndpointIdOf, (id: string) => publicKeyOf(id, 'live')])(
    'is made of an operation alone (%s)',
    async (make) => {
      await expect(make('operation')).rejects.toThrow(RangeError);
    },
  );
});

describe('operationIdOfForm', () => {
  it('gives one form with one content one operation, from release to release', async () => {
    expect(await operationIdOfForm('k', 'form', ['a', 'b'])).toBe('op_k370378efd9dd33adc6772002bf8215cb');
    expect(await operationIdOfForm('k', 'form', ['ab'])).not.toBe(await operationIdOfForm('k', 'form', ['a', 'b']));
  });
});

describe('pairIdsOf', () => {
  const OPERATION = 'op_kAbcdefghijklmnopqrstuvwxyz1';

  it('gives an operation two ids, from release to release', async () => {
    expect(await pairIdsOf(OPERATION)).toEqual({
      id: 'b6cce0e4-57cb-8b12-9179-efa1e5ba7af9',
      sandboxId: 'ab24341e-3813-8b33-b757-d3f6d82246f5',
    });
    const other = await pairIdsOf(newOperationId('k'));
    expect(other.id).not.toBe((await pairIdsOf(OPERATION)).id);
  });

  it('gives UUIDs version 8, whatever the digest is', async () => {
    for (let n = 0; n < 100; n++) {
      const { id, sandboxId } = await pairIdsOf(newOperationId('0'));
      const form = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
      expect(id).toMatch(form);
      expect(sandboxId).toMatch(form);
      expect(sandboxId).not.toBe(id);
    }
  });
});

describe('deriveBytes', () => {
  it('is HKDF-SHA-256 without salt (RFC 5869)', async () => {
    const secret = new Uint8Array(32).fill(7);
    const expected = new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), 'a purpose', 32));
    expect(await deriveBytes(secret, 'a purpose')).toEqual(expected);
    expect(await deriveBytes(secret, 'another purpose')).not.toEqual(expected);
  });
});

describe('eventIdFor', () => {
  it('gives one fact one id', async () => {
    const first = await eventIdFor('0', 'w1', 'payments.payment.succeeded', 'payment:8123');
    const again = await eventIdFor('0', 'w1', 'payments.payment.succeeded', 'payment:8123');
    expect(first).toBe(again);
    expect(first).toMatch(/^evt_0[0-9a-f]{32}$/);
  });

  it('keeps its value from release to release', async () => {
    expect(await eventIdFor('0', 'workspace', 'payments.payment.succeeded', 'payment:8123')).toBe(
      'evt_0cb88bd95833f701b3596a7b9a6e42565',
    );
  });

  it('gives another id as soon as workspace, type, subject or shard differ', async () => {
    const facts = [
      ['0', 'w1', 'a.b', 'payment:1'],
      ['1', 'w1', 'a.b', 'payment:1'],
      ['0', 'w2', 'a.b', 'payment:1'],
      ['0', 'w1', 'a.c', 'payment:1'],
      ['0', 'w1', 'a.b', 'payment:2'],
      ['0', 'w1a', '.b', 'payment:1'],
    ] as const;
    const ids = await Promise.all(
      facts.map(([shard, workspace, type, subject]) => eventIdFor(shard, workspace, type, subject)),
    );
    expect(new Set(ids).size).toBe(facts.length);
  });
});

describe('deliveryIdFor', () => {
  it('gives an event and an endpoint one id, in the shard of the event', async () => {
    const eventId = await eventIdFor('k', 'workspace', 'type', 'one');
    const endpointId = newWebhookEndpointId('k');
    const id = deliveryIdFor(eventId, endpointId);
    expect(id).toMatch(/^dlv_k[0-9a-z]{58}$/);
    expect(shardOf(id)).toBe('k');
    expect(deliveryIdFor(eventId, endpointId)).toBe(id);
    expect(deliveryIdFor(eventId, newWebhookEndpointId('k'))).not.toBe(id);
    expect(deliveryIdFor(await eventIdFor('k', 'workspace', 'type', 'two'), endpointId)).not.toBe(id);
  });
});

describe('webhookEndpointIdOf', () => {
  it('gives an operation one endpoint, of the same form as any other', async () => {
    const operation = newOperationId('k');
    const id = await webhookEndpointIdOf(operation);
    expect(id).toHaveLength(newWebhookEndpointId('k').length);
    expect(shardOf(id)).toBe('k');
    expect(await webhookEndpointIdOf(operation)).toBe(id);
    expect(await webhookEndpointIdOf(newOperationId('k'))).not.toBe(id);
  });
});
