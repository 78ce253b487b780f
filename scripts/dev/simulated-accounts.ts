import { DEMO_WORKSPACES } from '../local/demo-file.ts';
import { ScriptError } from '../local/script-error.ts';
import type { LocalSecrets, Seeded } from './local-secrets.ts';
import { BUSINESS_NAMES } from './seed-demo.ts';

const COUNTRY = { country: 'GB', default_currency: 'gbp' };

/**
 * Makes the accounts of the demo workspaces at the simulator, in both modes. An account that exists keeps its state: somebody
 * may have finished its onboarding in an earlier run.
 */
export async function ensureSimulatedAccounts(
  stripeUrl: string,
  platform: LocalSecrets['stripe'],
  seeded: Seeded,
): Promise<void> {
  for (const name of DEMO_WORKSPACES) {
    const { account } = seeded[name].sandbox;
    if (account === null) continue;
    for (const livemode of [false, true]) {
      const { secretKey } = livemode ? platform.live : platform.test;
      if (await isKnown(stripeUrl, secretKey, account)) continue;
      const ready = name !== 'onboarding';
      await makeAccount(stripeUrl, {
        id: account,
        livemode,
        charges_enabled: ready,
        details_submitted: ready,
        business_profile: { name: BUSINESS_NAMES[name] },
        ...COUNTRY,
      });
    }
  }
}

async function isKnown(stripeUrl: string, secretKey: string, account: string): Promise<boolean> {
  const response = await fetch(`${stripeUrl}/v1/accounts/${account}`, {
    headers: { Authorization: `Bearer ${secretKey}` },
  });
  await response.body?.cancel();
  return response.ok;
}

async function makeAccount(stripeUrl: string, account: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${stripeUrl}/_control/accounts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(account),
  });
  const answer = await response.text();
  if (!response.ok) throw new ScriptError(`The Stripe simulator refused a demo account: ${answer}`);
}
