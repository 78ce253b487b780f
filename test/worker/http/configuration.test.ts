import { createExecutionContext, createMessageBatch, createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryMessage } from '../../../src/env.ts';
import worker from '../../../src/index.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { callWith, createRequests, expectError, expectSession, rowsOf } from '../support/api.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import { openSession } from '../support/payments.ts';
import { newWorkspace, SESSION } from '../support/workspace.ts';

const ORIGIN = SIMULATED.variables.PUBLIC_URL;
const KEY = SIMULATED.variables.SECRETS_KEY;

const ROUTES: readonly (readonly [string, string])[] = [
  ['GET', '/health'],
  ['POST', '/api/v1/services/payments/checkout-sessions'],
  ['GET', '/api/v1/services/payments/checkout-sessions/1'],
  ['POST', '/api/v1/services/payments/checkout-sessions/1/expire'],
  ['POST', '/api/stripe/events/test'],
  ['POST', '/api/stripe/events/live'],
  ['GET', '/nowhere'],
];

const FAULTS: readonly (readonly [string, BindingChanges, readonly string[]])[] = [
  ['no PUBLIC_URL', { PUBLIC_URL: undefined }, ['PUBLIC_URL']],
  ['an empty PUBLIC_URL', { PUBLIC_URL: '' }, ['PUBLIC_URL']],
  ['a PUBLIC_URL that is no URL', { PUBLIC_URL: 'app.softsolz.example' }, ['PUBLIC_URL']],
  ['a PUBLIC_URL of another scheme', { PUBLIC_URL: 'ftp://localhost' }, ['PUBLIC_URL']],
  [
    'a public PUBLIC_URL without https',
    { PUBLIC_URL: 'http://pay.example.com', ALLOW_LOCAL_WEBHOOKS: '' },
    ['PUBLIC_URL'],
  ],
  ['no SECRETS_KEY', { SECRETS_KEY: undefined }, ['SECRETS_KEY']],
  ['a SECRETS_KEY that is no base64', { SECRETS_KEY: 'correct horse battery staple' }, ['SECRETS_KEY']],
  ['a SECRETS_KEY of 16 bytes', { SECRETS_KEY: btoa('0123456789abcdef') }, ['SECRETS_KEY']],
  ['a SECRETS_KEY with one version twice', { SECRETS_KEY: `v1:${KEY},v1:${KEY}` }, ['SECRETS_KEY']],
  ['an OPERATOR_TOKEN that is short', { OPERATOR_TOKEN: 'hunter2' }, ['OPERATOR_TOKEN']],
  ['an ALLOW_LOCAL_WEBHOOKS that is no yes or no', { ALLOW_LOCAL_WEBHOOKS: 'yes' }, ['ALLOW_LOCAL_WEBHOOKS']],
  ['AUDIT_DAYS of nothing', { AUDIT_DAYS: '0' }, ['AUDIT_DAYS']],
  ['AUDIT_DAYS that are no number', { AUDIT_DAYS: 'for ever' }, ['AUDIT_DAYS']],
  ['a threshold that is no whole number', { DRIFT_OUTBOX_SECONDS: '1.5' }, ['DRIFT_OUTBOX_SECONDS']],
  ['a threshold below 0', { DRIFT_QUARANTINED: -1 }, ['DRIFT_QUARANTINED']],
  ['a REPORT_URL that is no URL', { REPORT_URL: 'javascript:alert(1)' }, ['REPORT_URL']],
  ['a DOCS_URL that is no URL', { DOCS_URL: 'docs/widget.md' }, ['DOCS_URL']],
  ['a STRIPE_API_BASE that is no URL', { STRIPE_API_BASE: 'api.stripe.com' }, ['STRIPE_API_BASE']],
  ['a public STRIPE_API_BASE without https', { STRIPE_API_BASE: 'http://api.stripe.com' }, ['STRIPE_API_BASE']],
  ['a live key as the test key', { STRIPE_SECRET_KEY_TEST: 'sk_live_123' }, ['STRIPE_SECRET_KEY_TEST']],
  ['a test key as the live key', { STRIPE_SECRET_KEY_LIVE: 'sk_test_123' }, ['STRIPE_SECRET_KEY_LIVE']],
  ['a publishable key as the secret key', { STRIPE_SECRET_KEY_TEST: 'pk_test_123' }, ['STRIPE_SECRET_KEY_TEST']],
  [
    'no Stripe key of either mode',
    { STRIPE_SECRET_KEY_TEST: undefined, STRIPE_SECRET_KEY_LIVE: '' },
    ['STRIPE_SECRET_KEY_TEST', 'STRIPE_SECRET_KEY_LIVE'],
  ],
  [
    'local webhooks on a public address',
    { PUBLIC_URL: 'https://pay.example.com' },
    ['ALLOW_LOCAL_WEBHOOKS', 'PUBLIC_URL'],
  ],
  ['two faults at once', { PUBLIC_URL: undefined, SECRETS_KEY: '' }, ['PUBLIC_URL', 'SECRETS_KEY']],
];

let errors: string[];

beforeEach(() => {
  errors = [];
  vi.spyOn(console, 'error').mockImplementation((line: unknown) => {
    errors.push(String(line));
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the log says is wrong with the configuration. */
function loggedFaults(): string {
  return errors.filter((line) => JSON.parse(line).message === 'configuration').join('\n');
}

describe('A configuration with', () => {
  it.each(FAULTS)('%s answers 503 to everything, and the log names it', async (_what, changes, names) => {
    for (const [method, path] of ROUTES) {
      errors = [];
      const response = await fetchWith(changes, new Request(`${ORIGIN}${path}`, { method }));
      expect([path, response.status]).toEqual([path, 503]);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'service_unavailable' } });
      expect(response.headers.get('Softsolz-Request-Id')).toBeTruthy();
      for (const name of names) {
        expect(loggedFaults()).toContain(name);
        expect(text).not.toContain(name);
      }
    }
  });

  it.each(FAULTS)('%s never shows a value of it, in the answer or in the log', async (_what, changes) => {
    const response = await fetchWith(changes, new Request(`${ORIGIN}/health`));
    const text = `${await response.text()} ${errors.join(' ')}`;
    const secrets = [
      changes.SECRETS_KEY,
      changes.OPERATOR_TOKEN,
      changes.STRIPE_SECRET_KEY_TEST,
      changes.STRIPE_SECRET_KEY_LIVE,
    ];
    for (const secret of secrets.filter((value) => value)) expect(text).not.toContain(secret);
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(SIMULATED.variables.OPERATOR_TOKEN);
  });

  it('a fault stops the queue and the cron too, with the reason in the log', async () => {
    const bindings = { ...env, SECRETS_KEY: 'no key' };
    const message = { id: 'message-0', timestamp: new Date(), attempts: 1, body: { deliveryId: 'dlv_0nothing' } };
    const batch = createMessageBatch<DeliveryMessage>('softsolz-deliveries', [message]);
    await expect(worker.queue(batch, bindings, createExecutionContext())).rejects.toThrow('SECRETS_KEY');
    expect(loggedFaults()).toContain('SECRETS_KEY');
    errors = [];
    const cron = worker.scheduled(createScheduledController(), bindings, createExecutionContext());
    await expect(cron).rejects.toThrow('SECRETS_KEY');
    expect(loggedFaults()).toContain('SECRETS_KEY');
  });
});

describe('A configuration', () => {
  it.each<[string, BindingChanges]>([
    ['as the tests have it', {}],
    [
      'of production',
      { PUBLIC_URL: 'https://pay.example.com', ALLOW_LOCAL_WEBHOOKS: undefined, STRIPE_API_BASE: undefined },
    ],
    ['with a slash at the end', { PUBLIC_URL: `${ORIGIN}/` }],
    [
      'without what is optional',
      { OPERATOR_TOKEN: '', REPORT_URL: '', DOCS_URL: '', STRIPE_WEBHOOK_SECRET_LIVE: undefined },
    ],
    ['with restricted Stripe keys', { STRIPE_SECRET_KEY_TEST: 'rk_test_1', STRIPE_SECRET_KEY_LIVE: 'rk_live_1' }],
    ['with two secrets keys', { SECRETS_KEY: `v2:${KEY},v1:${KEY}` }],
    ['of one mode alone', { STRIPE_SECRET_KEY_LIVE: undefined, STRIPE_WEBHOOK_SECRET_LIVE: undefined }],
  ])('%s is healthy', async (_what, changes) => {
    const response = await worker.fetch(
      new Request(`${ORIGIN}/health`),
      { ...env, ...changes },
      createExecutionContext(),
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
    expect(errors).toEqual([]);
  });

  it.each([
    ['live', { STRIPE_SECRET_KEY_LIVE: undefined }],
    ['sandbox', { STRIPE_SECRET_KEY_TEST: undefined }],
  ] as const)('without %s answers 503 to the keys of that mode, and serves the other', async (missing, changes) => {
    const [without, within] = await Promise.all([
      newWorkspace({ mode: missing }),
      newWorkspace({ mode: missing === 'live' ? 'sandbox' : 'live' }),
    ]);
    const session = await openSession(without);
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/checkout-sessions', SESSION],
      ['GET', `/checkout-sessions/${session.id}`],
      ['POST', `/checkout-sessions/${session.id}/expire`],
    ];
    for (const [method, path, body] of calls) {
      const response = await callWith(changes, without.key, method, path, body);
      expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
      await expectError(response, 503, 'service_unavailable');
    }
    expect(await createRequests(without.account)).toHaveLength(1);
    expect(await rowsOf('payments', without.workspace.id)).toHaveLength(1);
    await expectSession(await callWith(changes, within.key, 'POST', '/checkout-sessions', SESSION));
  });
});
