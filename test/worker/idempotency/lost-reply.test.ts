import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { wrapNamespace } from '../support/counting.ts';
import { createKeyed, expectOneSession } from '../support/keyed.ts';
import { newWorkspace } from '../support/workspace.ts';

describe('an answer of the gate that is lost on its way', () => {
  it('leaves the request the holder of its key: asking again it runs, and waits for nobody', async () => {
    const shop = await newWorkspace();
    let lost = 0;
    const gate = wrapNamespace(env.WORKSPACE_GATE, async (_method, call) => {
      const answer = await call();
      lost += 1;
      if (lost === 1) throw Object.assign(new Error('The object was moved'), { durableObjectReset: true });
      return answer;
    });
    const startedAt = Date.now();
    const response = await createKeyed(shop, { bindings: { WORKSPACE_GATE: gate } });
    await expectOneSession(shop, response);
    // A duplicate would have waited 10 s for itself.
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(lost).toBeGreaterThan(2);
  });
});
