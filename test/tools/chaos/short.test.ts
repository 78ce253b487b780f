import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeState, runChaos } from '../../chaos/run-chaos.ts';

/** Met only by a run that never comes right, on a machine under any load. */
const TIMEOUT_MS = 400_000;

it(
  'loses no payment and counts none twice, although the Worker is killed in the middle of them and Stripe fails',
  async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'chaos-'));
    const { faults, counts } = await runChaos({
      seed: 12,
      kills: 1,
      burstMs: [2_000, 3_000],
      failAtMost: 1,
      spareRetries: true,
      patienceMs: 5_000,
      calmWithinMs: 240_000,
      stateDir,
      print: () => undefined,
    });
    expect(faults, `the state of the run is in ${stateDir}`).toEqual([]);
    expect(counts.shops_paid, 'the shops in which buyers have paid').toBe(2);
    for (const happened of ['orders', 'paid', 'webhooks']) expect(counts[happened], happened).toBeGreaterThan(0);
    removeState(stateDir);
  },
  TIMEOUT_MS,
);
