import { describe, expect, it } from 'vitest';
import { deploymentFaults, removedDatabaseFaults } from '../../../scripts/deploy/checks.ts';
import type { WorkerConfig } from '../../../scripts/deploy/worker-config.ts';

function configOf(name: string, id: string): WorkerConfig {
  return {
    name,
    vars: { PUBLIC_URL: 'https://pay.example.com' },
    databases: [{ binding: 'DB', name, id }],
    bindings: ['DB', 'WORKSPACE_GATE', 'DELIVERIES', 'ASSETS'],
    objects: [{ binding: 'WORKSPACE_GATE', className: 'WorkspaceGate' }],
    sendsTo: [{ binding: 'DELIVERIES', queue: `${name}-deliveries` }],
    reads: [
      { queue: `${name}-deliveries`, deadLetters: `${name}-dead-letters` },
      { queue: `${name}-dead-letters`, deadLetters: null },
    ],
    crons: ['* * * * *'],
    routes: [`${name}.example.com`],
    assets: 'public',
  };
}

const PRODUCTION_ID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const production = configOf('pay', PRODUCTION_ID);
const staging = configOf('pay-staging', '9c2f7f2e-0c3e-4a44-8a63-0c1f3a1c9d11');

const faultsOfProduction = (changes: Partial<WorkerConfig>) =>
  deploymentFaults({ environment: null, config: { ...production, ...changes }, production });
const faultsOfStaging = (changes: Partial<WorkerConfig>) =>
  deploymentFaults({ environment: 'staging', config: { ...staging, ...changes }, production });

describe('npm run deploy', () => {
  it('goes ahead with an https address and a database of its own, in production and in an environment', () => {
    expect(faultsOfProduction({})).toEqual([]);
    expect(faultsOfStaging({})).toEqual([]);
  });

  const withVars = (vars: Record<string, unknown>) => ({ vars: { ...production.vars, ...vars } });
  it.each([
    ['no PUBLIC_URL', { vars: {} }, /^PUBLIC_URL: .*under \[vars\]/],
    ['a PUBLIC_URL without https', withVars({ PUBLIC_URL: 'http://pay.example.com' }), /^PUBLIC_URL/],
    ['a PUBLIC_URL on this machine', withVars({ PUBLIC_URL: 'https://localhost:8787' }), /^PUBLIC_URL/],
    ['local webhooks', withVars({ ALLOW_LOCAL_WEBHOOKS: 'true' }), /^ALLOW_LOCAL_WEBHOOKS/],
    ['a secret in wrangler.toml', withVars({ SECRETS_KEY: 'x' }), /^SECRETS_KEY.*secret put SECRETS_KEY`/],
    [
      'the placeholder database',
      { databases: [{ binding: 'DB', name: 'pay', id: '00000000-0000-0000-0000-000000000000' }] },
      /wrangler d1 create pay`/,
    ],
    [
      'the placeholder of a further database',
      {
        databases: [
          ...production.databases,
          { binding: 'DB_1', name: 'pay-1', id: '00000000-0000-0000-0000-000000000001' },
        ],
      },
      /^database_id of DB_1: .*wrangler d1 create pay-1`/,
    ],
    [
      'a database whose name names no shard',
      { databases: [...production.databases, { binding: 'DB_10', name: 'pay-10', id: 'a1' }] },
      /^DB_10: .*DB_1 to DB_9/,
    ],
    [
      'one database as two shards',
      { databases: [...production.databases, { binding: 'DB_2', name: 'pay', id: PRODUCTION_ID }] },
      /^DB and DB_2 are one database/,
    ],
    ['no first database', { databases: [{ binding: 'DB_1', name: 'pay-1', id: PRODUCTION_ID }] }, /^DB: no database/],
    ['a database without an id', { databases: [{ binding: 'DB', name: 'pay', id: '' }] }, /wrangler d1 create pay`/],
    [
      'a queue that nothing reads',
      { sendsTo: [...production.sendsTo, { binding: 'RETRIES', queue: 'pay-retries' }] },
      /^pay-retries: nothing reads/,
    ],
    [
      'a queue whose name the Worker does not know',
      { reads: [...production.reads, { queue: 'pay-again', deadLetters: null }] },
      /^pay-again: the name/,
    ],
  ])('refuses %s and says what to do', (_what, changes, reason) => {
    const faults = faultsOfProduction(changes);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(reason);
  });

  it.each([
    ['a binding of production', { bindings: ['DB', 'WORKSPACE_GATE', 'ASSETS'] }, /lacks the binding DELIVERIES/],
    ['a cron', { crons: [] }, /has no cron/],
    ['a name of its own', { name: 'pay' }, /Worker name of production/],
    ['a database of its own', { databases: production.databases }, /uses the database of production, pay/],
    ['routes of its own', { routes: production.routes }, /has the route of production, pay\.example\.com/],
    ['a PUBLIC_URL', { vars: {} }, /under \[env\.staging\.vars\]/],
    ['a secret that is a secret', withVars({ OPERATOR_TOKEN: 'x' }), /secret put OPERATOR_TOKEN --env staging`/],
  ])('refuses an environment without %s', (_what, changes, reason) => {
    const faults = faultsOfStaging(changes);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(reason);
  });

  it('lets an environment have fewer databases than production', () => {
    const further = { binding: 'DB_1', name: 'pay-1', id: 'a1' };
    const databases = [...production.databases, further];
    const larger = { ...production, databases, bindings: [...production.bindings, 'DB_1'] };
    expect(deploymentFaults({ environment: 'staging', config: staging, production: larger })).toEqual([]);
  });

  it('refuses to remove or exchange a database of the deployed Worker, and lets others be added', () => {
    const further = { binding: 'DB_1', name: 'pay-1', id: 'a1' };
    const config = { ...production, databases: [...production.databases, further] };
    expect(removedDatabaseFaults(config, [])).toEqual([]);
    expect(removedDatabaseFaults(config, production.databases)).toEqual([]);
    expect(removedDatabaseFaults(config, config.databases)).toEqual([]);
    expect(removedDatabaseFaults(production, config.databases)).toEqual([
      'DB_1: the deployed Worker has the database a1, and wrangler.toml no longer binds it. Put a1 back.',
    ]);
    expect(removedDatabaseFaults(config, [{ binding: 'DB_1', id: 'b2' }])).toEqual([
      'DB_1: the deployed Worker has the database b2, and wrangler.toml gives it another one, a1. Put b2 back.',
    ]);
  });

  it('refuses an environment that uses the queues of production', () => {
    expect(faultsOfStaging({ reads: production.reads, sendsTo: production.sendsTo })).toEqual([
      expect.stringContaining('uses the queue of production, pay-deliveries'),
      expect.stringContaining('uses the queue of production, pay-dead-letters'),
    ]);
  });
});
