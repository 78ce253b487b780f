import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callWith, expectError, rowsOf } from '../support/api.ts';
import { failingD1, wrapNamespace } from '../support/counting.ts';
import type { BindingChanges } from '../support/direct.ts';
import { type Body, expectLink, newLink, patchLink, postLink, readLink } from '../support/links.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
});

const LINK = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 };
const KEY = { 'Idempotency-Key': 'link-1042' };

async function sendWith(bindings: BindingChanges, shop: TestWorkspace, method: string, path: string, body: Body) {
  return await callWith(bindings, shop.key, method, path, body, KEY);
}

async function expectReplay(response: Response, first: Response): Promise<void> {
  expect(response.headers.get('Idempotent-Replayed')).toBe('true');
  expect([response.status, await response.text()]).toEqual([first.status, await first.clone().text()]);
}

/** One link, and one entry in the audit log for each of these actions. */
async function expectWritten(shop: TestWorkspace, actions: readonly string[]): Promise<void> {
  const links = await rowsOf('payment_links', shop.workspace.id);
  expect(links).toHaveLength(1);
  const audit = await rowsOf('audit_log', shop.workspace.id);
  const recorded = audit.filter(({ object }) => object === links[0]?.token).map(({ action }) => action);
  expect(recorded).toEqual(actions);
}

const CREATED = ['payment_link.create'];
const UPDATED = ['payment_link.create', 'payment_link.update'];

describe('creating a link with an Idempotency-Key', () => {
  it('replays the answer byte by byte, whatever has happened to the link since', async () => {
    const shop = await newWorkspace();
    const first = await postLink(shop, LINK, KEY);
    const { id } = await expectLink(first.clone(), 201);
    await expectReplay(await postLink(shop, LINK, KEY), first);
    await expectLink(await patchLink(shop, id, { title: 'Another' }));
    await expectReplay(await postLink(shop, { amount_cents: 5000, currency: 'gbp', title: LINK.title }, KEY), first);
    await expectWritten(shop, UPDATED);
  });

  it('makes one of 20 at once, and 20 equal answers', async () => {
    const shop = await newWorkspace();
    const answers = await Promise.all(Array.from({ length: 20 }, () => postLink(shop, LINK, KEY)));
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(bodies).size).toBe(1);
    await expectWritten(shop, CREATED);
  });

  it('is 409 with another body', async () => {
    const shop = await newWorkspace();
    await expectLink(await postLink(shop, LINK, KEY), 201);
    const other = await postLink(shop, { ...LINK, amount_cents: 5001 }, KEY);
    await expectError(other, 409, 'idempotency_key_conflict');
    await expectWritten(shop, CREATED);
  });

  it('is freed by a refusal', async () => {
    const shop = await newWorkspace();
    await expectError(await postLink(shop, { ...LINK, title: '' }, KEY), 400, 'validation_failed');
    await expectLink(await postLink(shop, LINK, KEY), 201);
    await expectWritten(shop, CREATED);
  });

  for (const when of ['before', 'after'] as const) {
    it(`finds its link again when the database was lost ${when} it was written`, async () => {
      const shop = await newWorkspace();
      const lost = await sendWith(failingD1(env, 2, when), shop, 'POST', '/payment-links', LINK);
      await expectError(lost, 503, 'service_unavailable');
      const written = await rowsOf('payment_links', shop.workspace.id);
      expect(written).toHaveLength(when === 'after' ? 1 : 0);
      await expectError(await postLink(shop, { ...LINK, title: 'Another' }, KEY), 409, 'idempotency_key_conflict');
      const resumed = await postLink(shop, LINK, KEY);
      expect(resumed.headers.has('Idempotent-Replayed')).toBe(false);
      const link = await expectLink(resumed.clone(), 201);
      await expectWritten(shop, CREATED);
      expect(written.every(({ token }) => token === link.id)).toBe(true);
      await expectReplay(await postLink(shop, LINK, KEY), resumed);
    });
  }

  it('finds its link again when the gate was lost before the key was finished', async () => {
    const shop = await newWorkspace();
    const gate = wrapNamespace(env.WORKSPACE_GATE, async (method, call) => {
      if (method === 'finish') throw new Error('Network connection lost.');
      return await call();
    });
    const first = await expectLink(await sendWith({ WORKSPACE_GATE: gate }, shop, 'POST', '/payment-links', LINK), 201);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 31_000);
    const resumed = await expectLink(await postLink(shop, LINK, KEY), 201);
    expect(resumed).toEqual(first);
    await expectWritten(shop, CREATED);
  });
});

describe('changing a link with an Idempotency-Key', () => {
  it('replays the first answer', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, LINK);
    const first = await patchLink(shop, id, { title: 'Another' }, KEY);
    await expectLink(first.clone());
    await expectLink(await patchLink(shop, id, { title: 'A third' }));
    await expectReplay(await patchLink(shop, id, { title: 'Another' }, KEY), first);
    expect(await readLink(shop, id)).toMatchObject({ title: 'A third' });
    await expectError(await patchLink(shop, id, { title: 'A fourth' }, KEY), 409, 'idempotency_key_conflict');
  });

  it('has keys of its own for every link, beside those of creating', async () => {
    const shop = await newWorkspace();
    const first = await expectLink(await postLink(shop, LINK, KEY), 201);
    const second = await newLink(shop, LINK);
    for (const { id } of [first, second]) {
      const response = await patchLink(shop, id, { title: `Title of ${id}` }, KEY);
      expect(response.headers.has('Idempotent-Replayed')).toBe(false);
      expect(await expectLink(response)).toMatchObject({ id, title: `Title of ${id}` });
    }
  });

  for (const when of ['before', 'after'] as const) {
    it(`is done once when the database was lost ${when} it was written`, async () => {
      const shop = await newWorkspace();
      const { id } = await newLink(shop, LINK);
      const change = { title: 'Another', amount: 75 };
      const lost = await sendWith(failingD1(env, 3, when), shop, 'PATCH', `/payment-links/${id}`, change);
      await expectError(lost, 503, 'service_unavailable');
      expect(await readLink(shop, id)).toMatchObject({ title: when === 'after' ? 'Another' : LINK.title });
      const resumed = await patchLink(shop, id, change, KEY);
      expect(await expectLink(resumed.clone())).toMatchObject({ title: 'Another', amount_cents: 7500 });
      await expectWritten(shop, UPDATED);
      await expectReplay(await patchLink(shop, id, change, KEY), resumed);
    });
  }

  it('is freed by a fault that only the link shows', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, LINK);
    await expectError(await patchLink(shop, id, { kind: 'link' }, KEY), 400, 'validation_failed');
    expect(await expectLink(await patchLink(shop, id, { kind: 'button', title: 'Another' }, KEY))).toMatchObject({
      id,
    });
  });
});
