import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inShard } from '../../../src/domain/context.ts';
import { chooseShard } from '../../../src/domain/workspaces/choose-shard.ts';
import { createPair } from '../../../src/domain/workspaces/create-pair.ts';
import { makeShardContext } from '../../../src/make-context.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { type BindingChanges, configFor, fetchWith } from '../support/direct.ts';
import { withoutShard } from '../support/shard-outage.ts';
import { bindingOf } from '../support/shards.ts';
import { call, newWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

async function askRequests(workspaceId: string, changes: BindingChanges = {}): Promise<Response> {
  const url = `${SIMULATED.variables.PUBLIC_URL}/operators/workspaces/${workspaceId}/requests`;
  const headers = { Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}` };
  return await fetchWith(changes, new Request(url, { headers }));
}

describe('The recent requests of a workspace', () => {
  it.each(['0', '1'])('are found in the shard %s, although the id does not say where it is', async (shard) => {
    const shop = await newWorkspace({ shard, webhook: false });
    await call(shop.key, 'GET', '/payments', undefined, { 'X-Request-Id': 'first' });
    const { data }: { data: unknown[] } = await (await askRequests(shop.workspace.id)).json();
    expect(data).toMatchObject([{ request_id: 'first' }]);
  });

  it('are 503, not 404, while a shard that may have the workspace is down', async () => {
    const [up, shop] = [await newWorkspace({ shard: '0' }), await newWorkspace({ shard: '1' })];
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await askRequests(shop.workspace.id, withoutShard('1'))).status).toBe(503);
    expect((await askRequests(up.workspace.id, withoutShard('1'))).status).toBe(200);
    expect((await askRequests('nobody')).status).toBe(404);
  });
});

const contextWith = (changes: BindingChanges = {}) => {
  const bindings = { ...env, ...changes };
  const operator = { shard: '0', actor: { kind: 'operator' }, requestId: null } as const;
  return makeShardContext(bindings, configFor(bindings), operator);
};

/** Makes the database of a shard larger by some 200 kB. */
async function fill(shard: string): Promise<void> {
  await bindingOf(shard)
    .prepare("INSERT INTO quarantined_stripe_events VALUES (?, 'acct_x', 0, 'x', 'x', ?, 0, NULL)")
    .bind(crypto.randomUUID(), 'x'.repeat(200_000))
    .run();
}

describe('A new workspace pair', () => {
  it('goes to the shard with the fewest bytes', async () => {
    const context = contextWith();
    await fill('0');
    expect(await chooseShard(context, null)).toBe('1');
    await fill('1');
    await fill('1');
    expect(await chooseShard(context, null)).toBe('0');
  });

  it('goes to the shard that is asked for, if it has a database', async () => {
    const context = contextWith();
    expect([await chooseShard(context, '0'), await chooseShard(context, '1')]).toEqual(['0', '1']);
    await expect(chooseShard(context, '7')).rejects.toMatchObject({ code: 'validation_failed' });
    const { sandbox, live } = await createPair(inShard(context, '1'), 'Northlight Studio');
    const { results } = await bindingOf('1')
      .prepare('SELECT id FROM workspaces WHERE pair_id = ?')
      .bind(live.pairId)
      .all();
    expect(results.map(({ id }) => id).toSorted()).toEqual([live.id, sandbox.id].toSorted());
  });

  it('never goes to a shard that does not answer', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await chooseShard(contextWith(withoutShard('0')), null)).toBe('1');
    expect(await chooseShard(contextWith(withoutShard('1')), null)).toBe('0');
    const none = { DB: withoutShard('0').DB, DB_1: withoutShard('1').DB_1 };
    await expect(chooseShard(contextWith(none), null)).rejects.toMatchObject({ code: 'service_unavailable' });
  });
});
