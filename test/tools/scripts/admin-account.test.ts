import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT_STATES } from '../../../src/core/account-state.ts';
import { accountStateError } from '../../../src/domain/accounts/chargeable-account.ts';
import { runWords } from './support/run-words.ts';

const WORKSPACE = '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10';
const LINK = { url: 'https://connect.stripe.com/setup/e/acct_1PaBcD/Rk2vG7', expires_at: '2026-05-19T18:10:00Z' };
const ACCOUNT = {
  state: 'ready',
  country: 'GB',
  charges_enabled: true,
  payouts_enabled: true,
  requirements: [],
  dashboard: 'express',
  connected_at: '2026-05-19T18:00:00Z',
  livemode: false,
};

let worker: Server;
let variables: Record<string, string>;
let answer: { status: number; body: unknown };
let asked: unknown[] = [];

beforeAll(async () => {
  worker = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body: JSON.parse(await text(request)) });
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => worker.listen(0, '127.0.0.1', resolve));
  const address = worker.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  variables = { PUBLIC_URL: `http://127.0.0.1:${address.port}`, OPERATOR_TOKEN: 'token-of-the-operators-x' };
});
afterAll(() => worker.close());
beforeEach(() => {
  asked = [];
});

const answerWith = (data: unknown, status = 200) => {
  answer = { status, body: { data } };
};
const refuseWith = (status: number, error: object) => {
  answer = { status, body: { error } };
};
/** These commands need no database, and no key of Stripe. */
const account = (...words: string[]) => runWords(['account', ...words], [], { variables });

function expectAsked(what: string, body: object): void {
  const url = `/operators/workspaces/${WORKSPACE}/account/${what}`;
  expect(asked).toEqual([{ method: 'POST', url, authorization: 'Bearer token-of-the-operators-x', body }]);
}

describe('account onboard', () => {
  it('asks the Worker, and shows the link with its QR code and how to treat it', async () => {
    answerWith(LINK, 201);
    const { json, text: shown } = await account('onboard', WORKSPACE, '--country', 'GB', '--email', 'owner@a.example');
    expectAsked('onboarding-links', { country: 'GB', email: 'owner@a.example' });
    expect(json).toEqual(LINK);
    expect(shown.split('\n')).toContain(LINK.url);
    expect(shown).toMatch(/█.*\n.*█/);
    expect(shown).toMatch(/works once, and for ten minutes: until 18:10 UTC/);
    expect(shown).toContain('Do not mail it');
    expect(shown).toContain(`npm run admin -- account status ${WORKSPACE}`);
    for (const line of shown.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(110);
  });

  it('starts over only with the switch, wherever it stands', async () => {
    answerWith(LINK, 201);
    await account('onboard', '--start-over', WORKSPACE, '--country=DE', '--email=owner@a.example');
    expectAsked('onboarding-links', { country: 'DE', email: 'owner@a.example', start_over: true });
  });

  it('says that a disconnected account is connected again', async () => {
    answerWith(ACCOUNT);
    expect(await account('onboard', WORKSPACE)).toMatchObject({
      json: ACCOUNT,
      text: expect.stringMatching(/connected again.*\nready \(GB, express dashboard, test mode\)/),
    });
    expectAsked('onboarding-links', {});
  });

  it('names everything that is missing, as options', async () => {
    const details = [
      { path: 'country', code: 'validation_failed', message: 'country is required to make the account.' },
      { path: 'email', code: 'validation_failed', message: 'email is required to make the account.' },
    ];
    refuseWith(400, { code: 'validation_failed', message: details[0]?.message, details });
    await expect(account('onboard', WORKSPACE)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringMatching(/--country is required to make the account\. --email is required/),
    });
  });

  it('names commands where the Worker names routes', async () => {
    const { code, message } = accountStateError(null);
    refuseWith(409, { code, message });
    await expect(account('onboard', WORKSPACE)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^The Worker answered: .* Begin with `account onboard`\.$/),
    });
  });

  it('is refused without a workspace, before anything is asked', async () => {
    await expect(account('onboard')).rejects.toMatchObject({ code: 'usage' });
    expect(asked).toEqual([]);
  });
});

describe('account status', () => {
  it('says the state, what is owed, by when and who acts', async () => {
    const due = {
      what: 'document',
      due_at: '2026-05-22T18:00:00Z',
      awaiting: 'merchant',
      message: 'Stripe needs a photo.',
    };
    const checked = { what: 'dob', due_at: null, awaiting: 'stripe', message: 'Stripe is checking a date of birth.' };
    answerWith({ ...ACCOUNT, state: 'action_needed', charges_enabled: false, requirements: [due, checked] });
    const { json, text: shown } = await account('status', '--workspace', WORKSPACE);
    expectAsked('read', {});
    expect(json).toMatchObject({ state: 'action_needed', requirements: [due, checked] });
    expect(shown).toMatch(
      /^action_needed \(GB, express dashboard, test mode\)\n.*no payments until the merchant answers/,
    );
    expect(shown).toMatch(/^merchant +2026-05-22 +Stripe needs a photo\.$/m);
    expect(shown).toMatch(/^Stripe +Stripe is checking a date of birth\.$/m);
  });

  it('has a remedy for a disconnected account, whoever has disconnected it', async () => {
    answerWith({ ...ACCOUNT, state: 'disconnected', charges_enabled: false, payouts_enabled: false });
    const { text: shown } = await account('status', WORKSPACE);
    expect(shown).toMatch(/`account onboard` connects it again\. Where Stripe no longer gives access.*--start-over/);
  });

  it.each(ACCOUNT_STATES)('has a sentence for the state %s', async (state) => {
    answerWith({ ...ACCOUNT, state, country: null, dashboard: null, livemode: true });
    const { text: shown } = await account('status', WORKSPACE);
    expect(shown).toMatch(new RegExp(`^${state} \\(live\\)\\n[A-Z].+\\.$`));
  });
});

describe('account dashboard and account disconnect', () => {
  it('shows the address, which nobody should mail', async () => {
    answerWith({ url: 'https://connect.stripe.com/express/x' }, 201);
    const { json, text: shown } = await account('dashboard', WORKSPACE);
    expectAsked('dashboard-links', {});
    expect(json).toEqual({ url: 'https://connect.stripe.com/express/x' });
    expect(shown).toMatch(/^https:\/\/connect\.stripe\.com\/express\/x\n.*do not mail it/);
  });

  it('says that no new payments begin, that open pages can be paid, and how to connect again', async () => {
    answerWith({ ...ACCOUNT, state: 'disconnected', charges_enabled: false, payouts_enabled: false });
    const { json, text: shown } = await account('disconnect', WORKSPACE);
    expectAsked('disconnect', {});
    expect(json).toMatchObject({ state: 'disconnected' });
    expect(shown).toMatch(
      /No new payments\. Pages that are open can still be paid until they end\..*`account onboard` connects it again/s,
    );
    expect(shown).not.toContain('Payments are stopped');
  });

  it('are refused with what the Worker says', async () => {
    const { code, message } = accountStateError(null);
    refuseWith(409, { code, message });
    for (const command of ['dashboard', 'disconnect']) {
      await expect(account(command, WORKSPACE)).rejects.toMatchObject({
        code,
        message: expect.stringContaining('Begin with `account onboard`.'),
      });
    }
  });
});
