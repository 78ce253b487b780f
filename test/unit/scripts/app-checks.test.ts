import { describe, expect, it } from 'vitest';
import { type AppConfig, appFaults, secretFaults, variablesForApp } from '../../../scripts/deploy/app-checks.ts';
import type { WorkerConfig } from '../../../scripts/deploy/worker-config.ts';

const api: WorkerConfig = {
  name: 'pay',
  vars: { PUBLIC_URL: 'https://pay.example.com', AUDIT_DAYS: 400, TURNSTILE_SITE_KEY: '0x4' },
  databases: [
    { binding: 'DB', name: 'pay', id: 'id-0' },
    { binding: 'DB_1', name: 'pay-1', id: 'id-1' },
  ],
  bindings: [],
  objects: [
    { binding: 'WORKSPACE_GATE', className: 'WorkspaceGate' },
    { binding: 'LINK_GATE', className: 'LinkGate' },
  ],
  sendsTo: [
    { binding: 'DELIVERIES', queue: 'pay-deliveries' },
    { binding: 'RETRIES', queue: 'pay-retries' },
  ],
  reads: [],
  crons: [],
  routes: [],
  assets: 'public',
};

const app: AppConfig = {
  name: 'app',
  vars: { APP_URL: 'https://app.example.com', MAIL_FROM: 'no-reply@example.com' },
  databases: api.databases,
  objects: api.objects.map((object) => ({ ...object, worker: 'pay' })),
  sendsTo: api.sendsTo,
  hasMail: true,
  crons: ['17 * * * *'],
  routes: ['app.example.com'],
};

const production = { app, api: { ...api, routes: ['pay.example.com'] } };
const faultsOf = (changes: Partial<AppConfig>) =>
  appFaults({ environment: null, app: { ...app, ...changes }, api: production.api, production });
const withVars = (vars: Record<string, unknown>) => ({ vars: { ...app.vars, ...vars } });

describe('the merchant app in npm run deploy', () => {
  it('is deployed where it binds what the API binds', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each<[string, Partial<AppConfig>, string]>([
    ['lacks a database', { databases: api.databases.slice(0, 1) }, 'DB_1 in wrangler.merchant-app.toml must have'],
    [
      'has another database under the same name',
      { databases: [{ binding: 'DB', id: 'id-9' }, ...api.databases.slice(1)] },
      'the database_id that DB has in wrangler.toml, id-0',
    ],
    [
      'has a database that the API lacks',
      { databases: [...api.databases, { binding: 'DB_2', id: 'id-2' }] },
      'DB_2: wrangler.toml does not bind it',
    ],
    ['lacks a queue', { sendsTo: api.sendsTo.slice(1) }, 'DELIVERIES in wrangler.merchant-app.toml must send to'],
    [
      'sends to another queue',
      { sendsTo: [{ binding: 'RETRIES', queue: 'other-retries' }, ...api.sendsTo.slice(0, 1)] },
      'the queue of wrangler.toml, pay-retries',
    ],
    ['lacks an object', { objects: app.objects.slice(1) }, 'WORKSPACE_GATE in wrangler.merchant-app.toml must have'],
    [
      'has an object of another Worker',
      { objects: app.objects.map((object) => ({ ...object, worker: 'pay-staging' })).slice(0, 2) },
      'script_name = "pay"',
    ],
    [
      'has an object of its own',
      { objects: [...app.objects.slice(0, 1), { binding: 'LINK_GATE', className: 'LinkGate', worker: null }] },
      'LINK_GATE in wrangler.merchant-app.toml must have class_name = "LinkGate" and script_name = "pay"',
    ],
    [
      'has an object of another class',
      { objects: [...app.objects.slice(0, 1), { binding: 'LINK_GATE', className: 'WorkspaceGate', worker: 'pay' }] },
      'class_name = "LinkGate"',
    ],
    ['contradicts wrangler.toml', withVars({ PUBLIC_URL: 'https://other.example.com' }), 'PUBLIC_URL: remove it'],
    ['alone has a variable of both', withVars({ CONNECT_DASHBOARD: 'full' }), 'CONNECT_DASHBOARD: remove it'],
    ['has the key of Turnstile', withVars({ TURNSTILE_SITE_KEY: '0x4' }), 'TURNSTILE_SITE_KEY: remove it'],
    [
      'has a secret of the API as a variable',
      withVars({ SECRETS_KEY: 'x' }),
      'wrangler secret put SECRETS_KEY --config wrangler.merchant-app.toml`',
    ],
  ])('is refused where it %s, and it says what to do', (_what, changes, expected) => {
    const faults = faultsOf(changes);
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join('\n')).toContain(expected);
  });

  const staging: AppConfig = {
    ...app,
    name: 'app-staging',
    vars: { ...app.vars, APP_URL: 'https://app-staging.example.com' },
    routes: ['app-staging.example.com'],
    objects: api.objects.map((object) => ({ ...object, worker: 'pay-staging' })),
  };
  const stagingApi = { ...api, name: 'pay-staging', routes: ['pay-staging.example.com'] };
  const faultsOfStaging = (changes: Partial<AppConfig>) =>
    appFaults({ environment: 'staging', app: { ...staging, ...changes }, api: stagingApi, production });

  it('of an environment is deployed where it takes nothing of production', () => {
    expect(faultsOfStaging({})).toEqual([]);
  });

  const section = '[env.staging] of wrangler.merchant-app.toml';
  it.each<[string, Partial<AppConfig>, string]>([
    [
      "has the domain of production's app",
      { routes: app.routes },
      `${section} has the route of production, app.example.com: give it \`routes\` of its own.`,
    ],
    [
      "has the domain of production's API",
      { routes: production.api.routes },
      'pay.example.com: the API has this route. Give the merchant app its own `routes` in wrangler.merchant-app.toml.',
    ],
    [
      'has the domain of the API beside it',
      { routes: stagingApi.routes },
      'pay-staging.example.com: the API has this route. Give the merchant app its own `routes` in wrangler.merchant-app.toml.',
    ],
    [
      'has the address of production',
      { vars: app.vars },
      `APP_URL: ${section} has the address of production, https://app.example.com: give it its own.`,
    ],
    ['has no cron', { crons: [] }, `${section} has no cron: its triggers must have \`17 * * * *\`.`],
    [
      "has the name of production's app",
      { name: app.name },
      `${section} has the Worker name of production: remove its \`name\`.`,
    ],
    [
      "has the name of production's API",
      { name: api.name },
      'pay: the API has this name. Give the merchant app its own in wrangler.merchant-app.toml.',
    ],
  ])('of an environment is refused where it %s', (_what, changes, fault) => {
    expect(faultsOfStaging(changes)).toEqual([fault]);
  });

  it('of production is refused with a domain of the API', () => {
    expect(faultsOf({ routes: ['pay.example.com'] })).toEqual([expect.stringContaining('the API has this route')]);
  });

  it('may be on the domain of the API, below a path', () => {
    expect(faultsOf({ routes: ['pay.example.com/app*'] })).toEqual([]);
  });

  it.each(['SIGN_UP', 'AUTH_SECRET'])('is refused where wrangler.toml has its %s', (name) => {
    const withOwn = { ...production.api, vars: { ...api.vars, [name]: 'open' } };
    expect(appFaults({ environment: null, app, api: withOwn, production })).toEqual([
      `${name}: remove it from wrangler.toml. Only the merchant app has it.`,
    ]);
  });

  it('may repeat a variable of wrangler.toml', () => {
    expect(faultsOf(withVars({ PUBLIC_URL: 'https://pay.example.com', AUDIT_DAYS: '400' }))).toEqual([]);
  });

  it('gets the variables of wrangler.toml, without that of Turnstile, which needs a secret', () => {
    expect(variablesForApp(api)).toEqual({ PUBLIC_URL: 'https://pay.example.com', AUDIT_DAYS: '400' });
  });

  it('needs a secret of its own, and those with which the API reads secrets and calls Stripe', () => {
    const ofApi = ['SECRETS_KEY', 'STRIPE_SECRET_KEY_TEST', 'OPERATOR_TOKEN', 'STRIPE_WEBHOOK_SECRET_TEST'];
    expect(secretFaults(null, ['AUTH_SECRET', 'SECRETS_KEY', 'STRIPE_SECRET_KEY_TEST'], ofApi)).toEqual([]);
    expect(secretFaults('staging', [], ofApi)).toEqual([
      expect.stringMatching(/^AUTH_SECRET: .*put AUTH_SECRET --config wrangler.merchant-app.toml --env staging`\.$/),
      expect.stringMatching(/^SECRETS_KEY: .* with the value that the API has\.$/),
      expect.stringMatching(/^STRIPE_SECRET_KEY_TEST: /),
    ]);
  });
});
