import { describe, expect, it } from 'vitest';
import { deploymentFaults } from '../../../scripts/deploy-checks.ts';

const GOOD = { vars: { PUBLIC_URL: 'https://pay.example.com' }, databaseIds: ['1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed'] };

describe('npm run deploy', () => {
  it('goes ahead with an https address and a database of its own', () => {
    expect(deploymentFaults(GOOD)).toEqual([]);
  });

  it.each([
    ['no PUBLIC_URL', { ...GOOD, vars: {} }, 'PUBLIC_URL'],
    ['a PUBLIC_URL without https', { ...GOOD, vars: { PUBLIC_URL: 'http://pay.example.com' } }, 'PUBLIC_URL'],
    [
      'local webhooks on a public address',
      { ...GOOD, vars: { ...GOOD.vars, ALLOW_LOCAL_WEBHOOKS: 'true' } },
      'ALLOW_LOCAL_WEBHOOKS',
    ],
    ['the placeholder database', { ...GOOD, databaseIds: ['00000000-0000-0000-0000-000000000000'] }, 'database_id'],
    ['a secret in wrangler.toml', { ...GOOD, vars: { ...GOOD.vars, SECRETS_KEY: 'x' } }, 'SECRETS_KEY'],
  ])('refuses %s and says what to do', (_what, deployment, named) => {
    const faults = deploymentFaults(deployment);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(named);
  });
});
