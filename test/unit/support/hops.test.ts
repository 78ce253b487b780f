import { describe, expect, it } from 'vitest';
import { Hops } from '../../support/hops.ts';

/** A call that has begun, and is ended by hand. */
function begin(hops: Hops): { end: () => Promise<void>; fail: () => Promise<void> } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const recorded = hops.record(() => promise);
  return {
    end: async () => {
      resolve();
      await recorded;
    },
    fail: async () => {
      reject(new Error('down'));
      await recorded.catch(() => undefined);
    },
  };
}

describe('Hops', () => {
  it('are none where nothing is called', () => {
    expect(new Hops().count).toBe(0);
  });

  it('count calls one after another', async () => {
    const hops = new Hops();
    for (let call = 1; call <= 3; call++) {
      await begin(hops).end();
      expect(hops.count).toBe(call);
    }
  });

  it('count calls at the same time once', async () => {
    const hops = new Hops();
    const calls = [begin(hops), begin(hops), begin(hops)];
    for (const call of calls) await call.end();
    expect(hops.count).toBe(1);
  });

  it('are those of the longer of two branches, in whatever order they end', async () => {
    const hops = new Hops();
    const long = begin(hops);
    const short = begin(hops);
    await long.end();
    const second = begin(hops);
    await second.end();
    await short.end();
    expect(hops.count).toBe(2);
    await begin(hops).end();
    expect(hops.count).toBe(3);
  });

  it('count a call as deep as what had ended when it began, not when it ends', async () => {
    const hops = new Hops();
    const slow = begin(hops);
    await begin(hops).end();
    await begin(hops).end();
    expect(hops.count).toBe(2);
    await slow.end();
    expect(hops.count).toBe(2);
  });

  it('leave out a call that still runs: the answer does not wait for it', async () => {
    const hops = new Hops();
    await begin(hops).end();
    const afterwards = begin(hops);
    expect(hops.count).toBe(1);
    await afterwards.end();
    expect(hops.count).toBe(2);
  });

  it('count a call that fails, and throw what it threw', async () => {
    const hops = new Hops();
    await begin(hops).fail();
    expect(hops.count).toBe(1);
    await expect(hops.record(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(hops.count).toBe(2);
  });

  it('answer what the call answers', async () => {
    expect(await new Hops().record(async () => 7)).toBe(7);
  });
});
