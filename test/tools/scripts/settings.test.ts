import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseDevVars, readOwnAccount } from '../../../scripts/dev/dev-vars.ts';
import { writeLocalAppConfig } from '../../../scripts/dev/merchant-app/write-config.ts';
import { localAppConfigPath, workerVariables } from '../../../scripts/dev/worker-variables.ts';
import { ROOT, readSettings } from '../../../scripts/local/settings.ts';
import { readWranglerConfig } from '../../../scripts/local/wrangler-config.ts';
import { plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { configOf } from '../../../src/merchant-app/env.ts';

const secrets = {
  secretsKey: Buffer.alloc(32, 7).toString('base64'),
  operatorToken: 'operator-token-of-this-test',
  stripe: {
    test: { secretKey: 'sk_test_simulated', webhookSecret: 'whsec_simulated_test' },
    live: { secretKey: 'sk_live_simulated', webhookSecret: 'whsec_simulated_live' },
  },
  seeded: null,
};

describe('settings of a local copy', () => {
  it('has the documented ports and state directory by default, also for empty variables', () => {
    for (const environment of [{}, { PORT: '', STRIPE_PORT: '', STATE_DIR: '' }]) {
      expect(readSettings(environment)).toEqual({
        port: 8787,
        stripePort: 12111,
        shopPort: 8788,
        foreignShopPort: 8789,
        appPort: 8790,
        stateDir: join(ROOT, '.wrangler/state'),
        baseUrl: 'http://localhost:8787',
        stripeUrl: 'http://localhost:12111',
        sinkUrl: 'http://localhost:12111/sink',
        shopUrl: 'http://localhost:8788',
        foreignShopUrl: 'http://localhost:8789',
        appUrl: 'http://localhost:8790',
      });
    }
  });

  it('takes ports and a state directory from the environment', () => {
    const settings = readSettings({ PORT: '9001', STRIPE_PORT: '9002', STATE_DIR: 'somewhere/else' });
    expect(settings.baseUrl).toBe('http://localhost:9001');
    expect(settings.sinkUrl).toBe('http://localhost:9002/sink');
    expect(isAbsolute(settings.stateDir)).toBe(true);
    expect(settings.stateDir.endsWith('somewhere/else')).toBe(true);
  });

  it('puts the merchant app next to the demo shops, unless the environment says otherwise', () => {
    expect(readSettings({ PORT: '9001', STRIPE_PORT: '9004' }).appPort).toBe(9005);
    expect(readSettings({ APP_PORT: '7003' }).appUrl).toBe('http://localhost:7003');
    expect(() => readSettings({ APP_PORT: '8789' })).toThrow(/FOREIGN_SHOP_PORT and APP_PORT are both 8789/);
  });

  it('puts the demo shops next to the API, past the simulator, unless the environment says otherwise', () => {
    const shops = (environment: object) => {
      const { shopPort, foreignShopPort } = readSettings({ ...environment });
      return [shopPort, foreignShopPort];
    };
    expect(shops({ PORT: '9001', STRIPE_PORT: '9002' })).toEqual([9003, 9004]);
    expect(shops({ PORT: '9001', STRIPE_PORT: '9003' })).toEqual([9002, 9004]);
    expect(shops({ PORT: '65535' })).toEqual([65_525, 65_526]);
    expect(shops({ PORT: '9001', SHOP_PORT: '7001' })).toEqual([7001, 9002]);
    expect(shops({ SHOP_PORT: '7001', FOREIGN_SHOP_PORT: '7002' })).toEqual([7001, 7002]);
  });

  it.each(['0', '65536', '99999', '-1', '80.5', 'http', '8787 '])('refuses PORT=%j and names the variable', (port) => {
    expect(() => readSettings({ PORT: port })).toThrow(/^PORT must be a port/);
  });

  it('refuses one port for two servers', () => {
    expect(() => readSettings({ SHOP_PORT: '8787' })).toThrow(/PORT and SHOP_PORT are both 8787/);
    expect(() => readSettings({ FOREIGN_SHOP_PORT: '8788' })).toThrow(/SHOP_PORT and FOREIGN_SHOP_PORT are both 8788/);
    expect(() => readSettings({ PORT: '9001', STRIPE_PORT: '9001' })).toThrow(/PORT and STRIPE_PORT are both 9001/);
  });
});

describe('.dev.vars of a local copy', () => {
  it('leaves the simulator in place when nothing of Stripe is set', () => {
    expect(parseDevVars('')).toEqual({ ownStripe: null, passedOn: {} });
    expect(parseDevVars('# nothing\nSTRIPE_SECRET_KEY_TEST=\nSTRIPE_CONNECTED_ACCOUNT_TEST=""\n').ownStripe).toBeNull();
  });

  it('chooses Stripe test mode when key and account are set, quoted or not', () => {
    const { ownStripe } = parseDevVars('STRIPE_SECRET_KEY_TEST="sk_test_abc"\nSTRIPE_CONNECTED_ACCOUNT_TEST=acct_1\n');
    expect(ownStripe).toEqual({ secretKey: 'sk_test_abc', account: 'acct_1' });
  });

  it.each([
    'STRIPE_SECRET_KEY_LIVE=sk_live_abc',
    "STRIPE_SECRET_KEY_TEST='rk_live_abc'",
    'ANYTHING="Bearer sk_live_abc"',
    'STRIPE_SECRET_KEY_TEST=SK_LIVE_abc',
  ])('refuses a live key wherever it stands: %s', (line) => {
    const name = line.slice(0, line.indexOf('='));
    expect(() => parseDevVars(`A=b\n${line}\n`)).toThrow(`${name} contains a live Stripe key`);
  });

  it('does not repeat a live key in its refusal', () => {
    expect(() => parseDevVars('A=sk_live_verysecret')).toThrow(/^(?!.*verysecret)/s);
  });

  it('asks for the other variable when only one of the two is set', () => {
    expect(() => parseDevVars('STRIPE_SECRET_KEY_TEST=sk_test_a')).toThrow('STRIPE_CONNECTED_ACCOUNT_TEST is missing');
    expect(() => parseDevVars('STRIPE_CONNECTED_ACCOUNT_TEST=acct_1')).toThrow('STRIPE_SECRET_KEY_TEST is missing');
  });

  it('refuses what is no test key and no account', () => {
    const both = (key: string, account: string) => () =>
      parseDevVars(`STRIPE_SECRET_KEY_TEST=${key}\nSTRIPE_CONNECTED_ACCOUNT_TEST=${account}`);
    expect(both('pk_test_a', 'acct_1')).toThrow('STRIPE_SECRET_KEY_TEST must be a test key');
    expect(both('sk_test_a', 'ca_1')).toThrow('STRIPE_CONNECTED_ACCOUNT_TEST must be the id');
  });
});

describe("the developer's own account", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const own = { secretKey: 'sk_test_a', account: 'acct_1' };
  const notReady = plainAccount('acct_1', false);
  const stripeAnswers = (answer: () => Promise<Response>) => vi.stubGlobal('fetch', vi.fn(answer));

  it('is ready only if Stripe says that it can take charges', async () => {
    const account = { id: 'acct_1', payouts_enabled: true, details_submitted: true };
    stripeAnswers(async () => Response.json({ ...account, charges_enabled: true }));
    expect(await readOwnAccount(own)).toEqual({
      account: expect.objectContaining({ id: 'acct_1', chargesEnabled: true, detailsSubmitted: true }),
      fault: null,
    });
    stripeAnswers(async () => Response.json({ ...account, charges_enabled: false }));
    expect(await readOwnAccount(own)).toEqual({
      account: expect.objectContaining({ chargesEnabled: false, detailsSubmitted: true }),
      fault: expect.stringContaining('finish its onboarding'),
    });
  });

  it('is not ready if Stripe refuses or does not answer, and the reason is named', async () => {
    stripeAnswers(async () => Response.json({ error: { message: 'No such account' } }, { status: 403 }));
    expect(await readOwnAccount(own)).toEqual({ account: notReady, fault: expect.stringContaining('No such account') });
    stripeAnswers(() => Promise.reject(new Error('offline')));
    expect(await readOwnAccount(own)).toEqual({
      account: notReady,
      fault: expect.stringContaining('cannot be reached'),
    });
  });
});

describe('variables of the local Worker', () => {
  const settings = readSettings({ PORT: '9001', STRIPE_PORT: '9002' });

  it('point both modes to the simulator, and take nothing of Stripe from .dev.vars', () => {
    const devVars = parseDevVars('STRIPE_WEBHOOK_SECRET_TEST=whsec_own\nREPORT_URL=https://help.example\n');
    expect(workerVariables(settings, secrets, devVars)).toEqual({
      PUBLIC_URL: 'http://localhost:9001',
      ALLOW_LOCAL_WEBHOOKS: 'true',
      SECRETS_KEY: secrets.secretsKey,
      OPERATOR_TOKEN: secrets.operatorToken,
      STRIPE_API_BASE: 'http://127.0.0.1:9002',
      STRIPE_SECRET_KEY_TEST: 'sk_test_simulated',
      STRIPE_SECRET_KEY_LIVE: 'sk_live_simulated',
      STRIPE_JS_URL: 'http://localhost:9002/stripe.js',
      STRIPE_PUBLISHABLE_KEY_TEST: 'pk_test_simulated',
      STRIPE_PUBLISHABLE_KEY_LIVE: 'pk_live_simulated',
      STRIPE_WEBHOOK_SECRET_TEST: 'whsec_simulated_test',
      STRIPE_WEBHOOK_SECRET_LIVE: 'whsec_simulated_live',
      REPORT_URL: 'https://help.example',
      DOCS_URL: '',
      TURNSTILE_SITE_KEY: '',
    });
  });

  it('replace those of production in wrangler.toml, with nothing where a local copy has none', () => {
    const comments = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8').split('[vars]')[1]?.split('\n[[')[0] ?? '';
    const named = [...comments.matchAll(/^# ([A-Z_]+) = /gm)].flatMap(([, name]) => name ?? []);
    expect(named).toContain('TURNSTILE_SITE_KEY');
    const harmless = ['CONNECT_DASHBOARD', 'AUDIT_DAYS', 'DRIFT_OUTBOX_SECONDS'];
    const variables = workerVariables(settings, secrets, parseDevVars(''));
    expect(named.filter((name) => !(name in variables))).toEqual(harmless);
    expect(variables).toMatchObject({ REPORT_URL: '', TURNSTILE_SITE_KEY: '' });
  });

  it('with Stripe test mode, have no live key and no address but Stripe’s own', () => {
    const devVars = parseDevVars(
      'STRIPE_SECRET_KEY_TEST=sk_test_own\nSTRIPE_CONNECTED_ACCOUNT_TEST=acct_1\nSTRIPE_WEBHOOK_SECRET_TEST=whsec_own\nSTRIPE_PUBLISHABLE_KEY_TEST=pk_test_own\n',
    );
    const variables = workerVariables(settings, secrets, devVars);
    expect(variables.STRIPE_SECRET_KEY_TEST).toBe('sk_test_own');
    expect(variables.STRIPE_WEBHOOK_SECRET_TEST).toBe('whsec_own');
    expect(variables).not.toHaveProperty('STRIPE_SECRET_KEY_LIVE');
    expect(variables).not.toHaveProperty('STRIPE_API_BASE');
    expect(variables.STRIPE_PUBLISHABLE_KEY_TEST).toBe('pk_test_own');
    expect(variables.STRIPE_PUBLISHABLE_KEY_LIVE).toBe('');
    expect(variables).not.toHaveProperty('STRIPE_JS_URL');
  });
});

describe('the local merchant app', () => {
  const settings = readSettings({ PORT: '9001', STRIPE_PORT: '9002' });
  const variables = workerVariables(settings, secrets, parseDevVars(''));

  function written() {
    const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-settings-'));
    onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
    writeLocalAppConfig(stateDir, { appUrl: settings.appUrl, firstToken: 'of this test' }, variables);
    return readWranglerConfig(localAppConfigPath(stateDir), null);
  }

  it('has the databases and queues of the API, and its objects in the Worker of the API', () => {
    const api = readWranglerConfig(join(ROOT, 'wrangler.toml'), null);
    const app = written();
    expect(app.d1_databases.map(({ binding, database_id: id }) => [binding, id])).toEqual(
      api.d1_databases.map(({ binding, database_id: id }) => [binding, id]),
    );
    expect(app.queues.producers).toEqual(api.queues.producers);
    expect(app.durable_objects.bindings).toEqual(
      ['WorkspaceGate', 'LinkGate'].map((name) => expect.objectContaining({ class_name: name, script_name: api.name })),
    );
  });

  it('has a complete configuration, with the variables of the API', () => {
    const { vars } = written();
    expect(vars).toMatchObject(variables);
    expect(configOf(JSON.parse(JSON.stringify(vars)))).toMatchObject({
      ok: true,
      config: { appUrl: settings.appUrl, signUp: 'open' },
    });
  });
});
