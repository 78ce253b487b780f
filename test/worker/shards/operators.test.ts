import { afterEach, describe, expect, it, vi } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import { withoutShard } from '../support/shard-outage.ts';
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
