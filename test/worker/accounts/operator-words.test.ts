import { describe, expect, it } from 'vitest';
import { withCommands } from '../../../scripts/admin/with-commands.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, expectError } from '../support/api.ts';
import { fetchWith } from '../support/direct.ts';
import { beginOnboarding, decide } from '../support/onboarding.ts';
import { heldEvents, sendAll } from '../support/payments.ts';
import { control } from '../support/simulator.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const bare = () => newWorkspace({ account: 'none', webhook: false });
const CANNOT = 'Your Stripe account cannot take payments (state:';
const NOT_READY = 'CONNECT_ACCOUNT_NOT_READY';

async function ask(
  shop: TestWorkspace,
  route: 'onboarding-links' | 'dashboard-links',
  body: object,
): Promise<Response> {
  const { PUBLIC_URL, OPERATOR_TOKEN } = SIMULATED.variables;
  const url = `${PUBLIC_URL}/operators/workspaces/${shop.workspace.id}/account/${route}`;
  const headers = { Authorization: `Bearer ${OPERATOR_TOKEN}`, 'Content-Type': 'application/json' };
  return await fetchWith({}, new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** The words in which `npm run admin` shows why the Worker refuses an operator. */
async function refusal(shop: TestWorkspace, body: object = {}, code = NOT_READY): Promise<string> {
  const status = code === 'validation_failed' ? 400 : 409;
  const { message, details } = await expectError(await ask(shop, 'onboarding-links', body), status, code);
  return withCommands(details?.map((detail) => detail.message).join(' ') ?? message);
}

async function decided(outcome: string): Promise<TestWorkspace & { account: string }> {
  const shop = await beginOnboarding(await bare());
  await decide(shop, outcome);
  return shop;
}

async function deauthorize(shop: TestWorkspace): Promise<void> {
  await control('POST', `/accounts/${accountOf(shop.account)}/deauthorize`, {});
}

/** The same where an operator asks for the dashboard. */
async function refusalOfDashboard(shop: TestWorkspace, code = NOT_READY): Promise<string> {
  const { message } = await expectError(await ask(shop, 'dashboard-links', {}), 409, code);
  return withCommands(message);
}

describe('An operator who is refused reads commands, not routes,', () => {
  it('without an account', async () => {
    const shop = await bare();
    expect(await refusalOfDashboard(shop, 'CONNECT_ACCOUNT_MISSING')).toBe(
      'No Stripe account is connected to this workspace. Begin with `account onboard`.',
    );
    expect(await refusal(shop, {}, 'validation_failed')).toBe(
      '--country is required to make the account. --email is required to make the account.',
    );
  });

  it('for another country', async () => {
    const shop = await beginOnboarding(await bare());
    expect(await refusal(shop, { country: 'DE' }, 'validation_failed')).toBe(
      'country cannot be changed: the account is of GB. With --start-over a new account is made.',
    );
  });

  it('for a finished account', async () => {
    expect(await refusal(await decided('ready'), {}, 'account_ready')).toBe(
      'Your Stripe account takes payments, and Stripe waits for nothing from you. `account status` shows it.',
    );
  });

  it('for one that is not finished', async () => {
    expect(await refusalOfDashboard(await beginOnboarding(await bare()))).toBe(
      `${CANNOT} started). Its onboarding at Stripe is not finished. Open a new link of \`account onboard\`, and finish it.`,
    );
  });

  it('for a rejected one', async () => {
    expect(await refusal(await decided('rejected'))).toBe(
      `${CANNOT} rejected). Stripe has refused it for good. Ask Stripe's support why. \`account onboard --start-over\` connects a new account.`,
    );
  });

  it('for one that is disconnected here', async () => {
    const shop = await decided('ready');
    await call(shop.key, 'POST', '/account/disconnect', {});
    expect(await refusalOfDashboard(shop)).toBe(
      `${CANNOT} disconnected). It takes payments again once it is connected again: \`account onboard\` does that.`,
    );
  });

  it('for one that Stripe does not give us, with the event about it or without', async () => {
    const [shop, known] = [await decided('ready'), await decided('ready')];
    await deauthorize(shop);
    expect(await refusal(shop)).toBe(
      'Stripe no longer gives access to your account. `account onboard --start-over` connects a new account.',
    );
    await deauthorize(known);
    await sendAll(await heldEvents(known));
    expect(await refusal(known)).toBe(
      `${CANNOT} disconnected). Access to it was taken away at Stripe. \`account onboard --start-over\` connects a new account.`,
    );
  });
});
