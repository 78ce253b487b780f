import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { parseCommandLine } from '../../../scripts/admin/command-line.ts';
import { placeOf } from '../../../scripts/admin/place.ts';
import { runAdmin, runCommand } from '../../../scripts/admin/run.ts';
import { applyMigrations } from '../../../scripts/local/apply-migrations.ts';
import { type OpenedDatabases, openLocalDatabases } from '../../../scripts/local/open-database.ts';
import { ROOT } from '../../../scripts/local/settings.ts';
import { d1FilesIn } from '../../../scripts/local/sqlite-d1.ts';
import { styleFor } from '../../../scripts/local/style.ts';
import { findPair, findWorkspace } from '../../../src/db/workspaces.ts';
import { startSimulatorServer } from '../../stripe-simulator/server.ts';
import { runWords } from './support/run-words.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
const createdSchema = z.object({ sandbox: z.object({ id: z.string() }), live: z.object({ id: z.string() }) });

/** The local runtime, which has the database open all the time, like that of `npm start`. */
let runtime: OpenedDatabases;

beforeAll(async () => {
  runtime = await openLocalDatabases(stateDir);
  await applyMigrations(runtime.shards[0].database);
}, 120_000);

afterAll(async () => {
  await runtime?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

/** A command, from its words to its answer, on the database in `stateDir`. */
async function admin(...words: string[]) {
  const { command, input, place } = parseCommandLine([...words, '--persist-to', stateDir]);
  if (!command || !input) throw new Error('no command');
  return await runCommand(command, input, await placeOf(place, {}), styleFor(new PassThrough()));
}

async function newPair(name: string) {
  return createdSchema.parse((await admin('workspace', 'create', '--name', name)).json);
}

describe('a local database', () => {
  it('is read and written by its file, while the local runtime uses it too', async () => {
    expect(d1FilesIn(stateDir)).toEqual([expect.stringMatching(/\.sqlite$/)]);
    const { live, sandbox } = await newPair('Northlight');
    expect(await findPair(runtime.shards[0].database, live.id)).toHaveLength(2);
    const issued = await admin('key', 'issue', sandbox.id, '--scope', 'service.payments.links.read', '--name', 'Site');
    expect(issued.json).toMatchObject({ key: expect.stringMatching(/^sk_test_/) });
    expect((await admin('key', 'list', sandbox.id)).json).toMatchObject([
      { name: 'Site', scopes: ['service.payments.links.read'], revoked_at: null },
    ]);
    expect((await admin('workspace', 'suspend', live.id)).json).toMatchObject([
      { status: 'suspended' },
      { status: 'suspended' },
    ]);
    expect((await findWorkspace(runtime.shards[0].database, sandbox.id))?.workspace.status).toBe('suspended');
  });

  it('keeps nothing of a batch that fails', async () => {
    const { sandbox } = await newPair('Batch');
    const { shards, close } = await (await placeOf({ remote: false, env: undefined, persistTo: stateDir }, {})).open();
    const [{ database }] = shards;
    const { workspaces } = await import('../../../src/db/schema.ts');
    const failing = database.batch([
      database.update(workspaces).set({ name: 'Changed' }),
      database
        .insert(workspaces)
        .values({ id: sandbox.id, pairId: 'p', mode: 'live', name: 'x', status: 'active', createdAt: 0, updatedAt: 0 }),
    ]);
    await expect(failing).rejects.toThrow();
    await close();
    expect((await findWorkspace(runtime.shards[0].database, sandbox.id))?.workspace.name).toBe('Batch');
  });

  it('that is not there is named, with what to do', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'softsolz-test-'));
    const place = await placeOf({ remote: false, env: undefined, persistTo: empty }, {});
    await expect(place.open()).rejects.toMatchObject({
      code: 'no_database',
      message: expect.stringContaining('npm start'),
    });
    rmSync(empty, { recursive: true });
  });
});

describe('an environment of wrangler.toml', () => {
  it('that does not exist is refused, so that no command reaches another database', async () => {
    const place = placeOf({ remote: true, env: 'stagign', persistTo: undefined }, {});
    await expect(place).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('stagign') });
  });
});

describe('account attach', () => {
  const NOWHERE = { url: 'http://localhost:9', secret: 'whsec_x' };
  let stripe: Awaited<ReturnType<typeof startSimulatorServer>>;

  beforeAll(async () => {
    stripe = await startSimulatorServer({
      port: 0,
      eventEndpoints: { test: NOWHERE, live: NOWHERE },
    });
  });
  afterAll(() => stripe.close());
  afterEach(() => rmSync(join(stateDir, 'worker.env'), { force: true }));

  function useStripe(url: string): void {
    writeFileSync(
      join(stateDir, 'worker.env'),
      `STRIPE_API_BASE='${url}'\nSTRIPE_SECRET_KEY_TEST='sk_test_simulated_x'\n`,
    );
  }

  async function control(path: string, body: object): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${stripe.url}/_control${path}`, init);
    expect(answer.status, await answer.text()).toBe(200);
  }

  async function accountAtStripe(id: string, ready: boolean, more: object = {}): Promise<string> {
    await control('/accounts', { id, livemode: false, charges_enabled: ready, details_submitted: ready, ...more });
    return id;
  }

  it('asks Stripe with the key that npm start has given to the Worker', async () => {
    useStripe(stripe.url);
    const { sandbox } = await newPair('Attached');
    const ready = await admin('account', 'attach', sandbox.id, await accountAtStripe('acct_ready', true));
    expect(ready.json).toMatchObject({ state: 'ready', charges_enabled: true, confirmed_by_stripe: true });
    const closed = await admin('account', 'attach', sandbox.id, await accountAtStripe('acct_closed', false));
    expect(closed).toMatchObject({
      json: { state: 'started', charges_enabled: false },
      text: expect.stringMatching(/^! .*\nstarted: The merchant has not finished/),
    });
  });

  it('never shows an account whose cards are not granted as one that takes payments', async () => {
    useStripe(stripe.url);
    const { sandbox } = await newPair('No cards');
    const id = await accountAtStripe('acct_nocards', true, { card_payments: 'active' });
    await control(`/accounts/${id}/outcome`, { outcome: 'cards_not_granted' });
    expect(await admin('account', 'attach', sandbox.id, id)).toMatchObject({
      json: { state: 'restricted', charges_enabled: false, confirmed_by_stripe: true },
      text: expect.stringMatching(/^! .*\nrestricted: Stripe has stopped payments/),
    });
    expect((await admin('workspace', 'show', sandbox.id)).json).toMatchObject({
      account: { id, state: 'restricted', charges_enabled: false },
    });
    expect((await admin('workspace', 'list', '--limit', '100')).text).toContain(`${id} (restricted)`);
  });

  it('refuses an account that Stripe does not know, and one of another workspace, and never shows the key', async () => {
    useStripe(stripe.url);
    const [one, two] = [await newPair('One'), await newPair('Two')];
    const unknown = admin('account', 'attach', one.sandbox.id, 'acct_invented');
    await expect(unknown).rejects.toMatchObject({
      message: expect.stringMatching(/^(?!.*sk_test_).*does not have access/),
    });
    await admin('account', 'attach', one.sandbox.id, await accountAtStripe('acct_taken', true));
    await expect(admin('account', 'attach', two.sandbox.id, 'acct_taken')).rejects.toMatchObject({
      message: expect.stringContaining(one.sandbox.id),
    });
    expect((await findWorkspace(runtime.shards[0].database, two.sandbox.id))?.account).toBeNull();
  });

  it('without an answer or a key stores an account that takes no payments, and says so', async () => {
    const { sandbox, live } = await newPair('Unconfirmed');
    useStripe('http://localhost:1');
    const silent = await admin('account', 'attach', sandbox.id, 'acct_silent');
    expect(silent.json).toMatchObject({ charges_enabled: false, confirmed_by_stripe: false });
    expect(silent.text).toMatch(/takes no payments until the cron/);
    const keyless = await admin('account', 'attach', live.id, 'acct_keyless');
    expect(keyless.json).toMatchObject({ charges_enabled: false, confirmed_by_stripe: false });
  });
});

describe('what only the Worker knows', () => {
  let server: Server;
  let variables: Record<string, string>;
  let answer: { status: number; body: unknown };
  let asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = [request.url, request.headers.authorization];
      response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    variables = { PUBLIC_URL: `http://127.0.0.1:${address.port}`, OPERATOR_TOKEN: 'token-of-the-operators-x' };
  });
  afterAll(() => server.close());

  const ask = (...words: string[]) => runWords(words, runtime.shards[0].database, { variables });

  it('is asked with the token of the operators', async () => {
    const request = {
      at: '2026-05-19T18:04:11Z',
      method: 'GET',
      route: '/api/v1/services/payments/payments/:id',
      status: 404,
      code: 'not_found',
      key_id: 'key_1',
      request_id: 'r'.repeat(128),
    };
    answer = { status: 200, body: { data: [request, { ...request, status: null, code: null }] } };
    const { json, text } = await ask('request', 'list', '--workspace', 'a/b');
    expect(asked).toEqual(['/operators/workspaces/a%2Fb/requests', 'Bearer token-of-the-operators-x']);
    expect(json).toEqual([request, { ...request, status: null, code: null }]);
    const [titles, first, ids] = text.split('\n');
    expect(titles).toMatch(/^at +request +status$/);
    expect(first).toMatch(/^2026-05-19T18:04:11Z +GET \/payments\/:id +404 not_found$/);
    expect(ids).toBe(`  ${request.request_id}  key_1`);
  });

  it('is when each key was last used', async () => {
    const use = { key_id: 'key_1', last_used_at: '2026-05-19T18:04:11Z' };
    answer = { status: 200, body: { data: [use] } };
    expect(await ask('key', 'uses', 'w')).toEqual({
      json: [use],
      text: 'key    last used\nkey_1  2026-05-19T18:04:11Z',
    });
    expect(asked[0]).toBe('/operators/workspaces/w/key-uses');
  });

  it('is shown as drift, one number a line, and is an alarm where the Worker answers 503', async () => {
    answer = { status: 200, body: { data: { quarantine: { count: 2, latest: [{ id: 'evt_1' }] }, dropped: {} } } };
    expect(await ask('drift')).toMatchObject({
      json: { quarantine: { count: 2 } },
      text: expect.stringMatching(/quarantine\.count +2\n/),
      isAlarm: false,
    });
    answer = { ...answer, status: 503 };
    expect(await ask('drift')).toMatchObject({ isAlarm: true });
  });

  it('is refused with what the Worker says and what to do', async () => {
    answer = { status: 404, body: { error: { code: 'not_found', message: 'Nothing is here: GET /x.' } } };
    await expect(ask('drift')).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(/Nothing is here.*OPERATOR_TOKEN/),
    });
    answer = { status: 502, body: 'x' };
    await expect(ask('drift')).rejects.toMatchObject({ message: expect.stringContaining('answered 502') });
    const silent = runWords(['drift'], runtime.shards[0].database, {
      variables: { ...variables, PUBLIC_URL: 'http://localhost:1' },
    });
    await expect(silent).rejects.toMatchObject({
      code: 'worker_unreachable',
      message: expect.stringContaining('npm start'),
    });
    await expect(runWords(['drift'], runtime.shards[0].database)).rejects.toMatchObject({ code: 'worker_unreachable' });
  });
});

describe('the exit code', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is 2 where npm has kept an option for itself, because -- was forgotten', async () => {
    const err = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const option of ['remote', 'env', 'persist-to', 'json']) {
      vi.stubEnv(`npm_config_${option.replace('-', '_')}`, 'true');
      expect(await runAdmin(['workspace', 'list'])).toBe(2);
      expect(err.mock.lastCall?.[0]).toContain(`npm run admin -- --${option}`);
      vi.unstubAllEnvs();
    }
  });

  it('is that of the process', () => {
    const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];
    const runMain = (...words: string[]) =>
      spawnSync(process.execPath, [...flags, join(ROOT, 'scripts/admin/main.ts'), ...words], { encoding: 'utf8' });
    const listed = runMain('workspace', 'list', '--json', '--persist-to', stateDir);
    expect(listed).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(listed.stdout)).toMatchObject({ data: expect.any(Array) });
    expect(runMain('key', 'lits')).toMatchObject({ status: 2, stdout: '' });
  });

  it('is 0 if all went well, 2 for a wrong command line, else 1, and errors are JSON with --json', async () => {
    const [out, err] = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
    for (const spied of [out, err]) spied.mockImplementation(() => {});
    const place = ['--persist-to', stateDir, '--json'];
    expect(await runAdmin(['workspace', 'list', ...place])).toBe(0);
    expect(JSON.parse(String(out.mock.lastCall?.[0]))).toMatchObject({ data: expect.any(Array) });
    expect(await runAdmin(['--help', '--json'])).toBe(0);
    expect(JSON.parse(String(out.mock.lastCall?.[0]))).toContainEqual(expect.objectContaining({ command: 'drift' }));
    expect(await runAdmin(['quarantine', '--help', '--json'])).toBe(0);
    expect(JSON.parse(String(out.mock.lastCall?.[0]))).toHaveLength(3);
    expect(await runAdmin(['key', 'list', 'nobody', ...place])).toBe(1);
    expect(JSON.parse(String(err.mock.lastCall?.[0]))).toMatchObject({ error: { code: 'not_found' } });
    expect(await runAdmin(['key', 'lits', 'nobody', ...place])).toBe(2);
    expect(JSON.parse(String(err.mock.lastCall?.[0]))).toMatchObject({ error: { code: 'usage' } });
    expect(await runAdmin(['key', 'lits'])).toBe(2);
    expect(err.mock.lastCall?.[0]).toContain('Did you mean `key list`?');
  });
});
