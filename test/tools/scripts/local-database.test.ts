import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLocalSecrets, type Seeded } from '../../../scripts/dev/local-secrets.ts';
import { prepareDemo } from '../../../scripts/dev/prepare-demo.ts';
import { eachSeeded } from '../../../scripts/dev/seed-demo.ts';
import { type OpenedDatabases, openLocalDatabases } from '../../../scripts/local/open-database.ts';
import { hashApiKey, parseApiKey } from '../../../src/core/api-keys.ts';
import { decryptSecret, parseSecretsKey } from '../../../src/core/crypto.ts';
import { findAuthority } from '../../../src/db/api-keys.ts';
import { findLogo, findProfile } from '../../../src/db/business-profiles.ts';
import { webhookEndpoints } from '../../../src/db/schema.ts';
import { findWorkspace, listWorkspaces } from '../../../src/db/workspaces.ts';
import { plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import type { StripeAccount } from '../../../src/stripe/gateway.ts';

const SCOPES_OF = new Map<string, string[]>([
  ['readonly', ['service.payments.links.read']],
  ['none', []],
  ['public_keys', ['service.payments.keys.write']],
]);
const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-test-'));

function urlsOf(port: number) {
  const [baseUrl = '', shopUrl = '', stripeUrl = ''] = [0, 1, 100].map((more) => `http://localhost:${port + more}`);
  return { baseUrl, shopUrl, sinkUrl: `${stripeUrl}/sink` };
}

function seededNow(): Seeded {
  const { seeded } = loadLocalSecrets(stateDir);
  if (!seeded) throw new Error('Nothing is seeded.');
  return seeded;
}

describe('the local database of npm start', () => {
  let first: Seeded;
  let opened: OpenedDatabases;

  beforeAll(async () => {
    opened = await openLocalDatabases(stateDir);
    await prepareDemo(opened, { stateDir, urls: urlsOf(9001), ownAccount: null });
    first = seededNow();
    await prepareDemo(opened, { stateDir, urls: urlsOf(9002), ownAccount: null });
  }, 120_000);

  afterAll(async () => {
    await opened?.close();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it('keeps workspaces, keys and secrets when it is prepared again', () => {
    expect(seededNow()).toEqual(first);
  });

  it('knows every demo key with the scopes and rate that it stands for', async () => {
    for (const { name, mode, workspace } of eachSeeded(first)) {
      for (const [kind, key] of Object.entries(workspace.keys)) {
        const authority = await findAuthority(opened.shards[0].database, await hashApiKey(key));
        expect(authority?.workspace.id).toBe(workspace.workspaceId);
        expect(authority?.workspace.mode).toBe(mode);
        expect(parseApiKey(key)?.mode).toBe(mode);
        expect(authority?.workspace.status).toBe(name === 'suspended' ? 'suspended' : 'active');
        expect(authority?.account?.stripeAccountId ?? null).toBe(workspace.account);
        expect(authority?.account?.chargesEnabled ?? null).toBe(name === 'unconnected' ? null : name !== 'onboarding');
        expect(authority?.key.rateLimitPerMinute).toBe(kind === 'throttled' ? 60 : 6000);
        expect(authority?.key.scopes).toEqual(SCOPES_OF.get(kind) ?? ['service.payments.*']);
      }
    }
  });

  it('has the slow key in the sandbox of main alone', () => {
    const slow = eachSeeded(first).filter(({ workspace }) => workspace.keys.throttled !== undefined);
    expect(slow.map(({ name, mode }) => `${name} ${mode}`)).toEqual(['main sandbox']);
  });

  it('sends webhooks to the sink of the present ports, signed with the secret that demo.json names', async () => {
    const keyring = await parseSecretsKey(loadLocalSecrets(stateDir).secretsKey);
    const endpoints = await opened.shards[0].database.select().from(webhookEndpoints);
    expect(endpoints).toHaveLength(10);
    for (const { name, mode, workspace } of eachSeeded(first)) {
      const endpoint = endpoints.find(({ id }) => id === workspace.endpoint.id);
      expect(endpoint?.url).toBe(`http://localhost:9102/sink/${name}-${mode}`);
      const secret = await decryptSecret(keyring, endpoint?.sealedSecret ?? '', [
        workspace.workspaceId,
        workspace.endpoint.id,
      ]);
      expect(secret).toBe(workspace.endpoint.secret);
    }
  });

  it('takes the account of main’s sandbox from the developer, and gives the simulated one back', async () => {
    const { sandbox, live } = first.main;
    const accounts = async () => {
      const found = await Promise.all(
        [sandbox, live].map(({ workspaceId }) => findWorkspace(opened.shards[0].database, workspaceId)),
      );
      return found.map((row) => [row?.account?.stripeAccountId, row?.account?.chargesEnabled]);
    };
    const prepare = (ownAccount: StripeAccount | null) =>
      prepareDemo(opened, { stateDir, urls: urlsOf(9002), ownAccount });
    await prepare(plainAccount('acct_own', false));
    expect(await accounts()).toEqual([
      ['acct_own', false],
      [live.account, true],
    ]);
    await prepare(null);
    expect(await accounts()).toEqual([
      [sandbox.account, true],
      [live.account, true],
    ]);
  });

  it('has a profile with a logo for the demo shop, in both modes', async () => {
    const { database } = opened.shards[0];
    for (const { workspaceId } of [first.main.sandbox, first.main.live]) {
      const profile = await findProfile(database, workspaceId);
      expect(profile?.supportEmail).toMatch(/\.example$/);
      const logo = await findLogo(database, profile?.logoHash ?? '');
      expect([...(logo?.bytes.subarray(1, 4) ?? [])]).toEqual([...Buffer.from('PNG')]);
    }
  });

  it('makes new workspaces when its secrets are lost, and leaves the old ones alone', async () => {
    const lost = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
    await prepareDemo(opened, { stateDir: lost, urls: urlsOf(9002), ownAccount: null });
    const anew = loadLocalSecrets(lost).seeded;
    expect(anew?.main.live.workspaceId).not.toBe(first.main.live.workspaceId);
    expect(await listWorkspaces(opened.shards[0].database, null, 100)).toHaveLength(20);
    rmSync(lost, { recursive: true });
  });

  it('says which file is damaged', () => {
    const damaged = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
    writeFileSync(join(damaged, 'demo-secrets.json'), '{"half":');
    expect(() => loadLocalSecrets(damaged)).toThrow(/demo-secrets\.json cannot be read\. Delete it/);
    rmSync(damaged, { recursive: true });
  });
});
