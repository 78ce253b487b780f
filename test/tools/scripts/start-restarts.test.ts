import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { readDemoFile } from '../../../scripts/local/demo-file.ts';
import { freePort } from '../../support/free-port.ts';

describe('npm start', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-start-'));
  let child: ChildProcess;
  let baseUrl: string;
  let output = '';

  beforeAll(async () => {
    const env = { ...process.env, STATE_DIR: stateDir };
    for (const name of ['PORT', 'STRIPE_PORT', 'SHOP_PORT', 'FOREIGN_SHOP_PORT', 'APP_PORT']) {
      Object.assign(env, { [name]: String(await freePort()) });
    }
    child = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
    const demoFile = join(stateDir, 'demo.json');
    await vi.waitFor(() => expect(existsSync(demoFile), output).toBe(true), { timeout: 150_000, interval: 200 });
    baseUrl = readDemoFile(stateDir)?.base_url ?? '';
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(stateDir, { recursive: true, force: true });
  });

  it('names the endpoint of a failed local webhook in the terminal, and keeps its log line as JSON', async () => {
    const post = async (path: string, body: unknown) => {
      const response = await fetch(`${baseUrl}/api/v1/services/payments/webhook-endpoints${path}`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${readDemoFile(stateDir)?.workspaces.main.sandbox.keys.all}`,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify(body),
      });
      return z.object({ data: z.object({ id: z.string() }) }).parse(await response.json()).data.id;
    };
    const endpoint = await post('', { url: `http://localhost:${await freePort()}/nobody-listens` });
    await post(`/${endpoint}/ping`, {});
    await expect.poll(() => output, { timeout: 60_000 }).toContain(`! webhook attempt · ${endpoint} · dlv_`);
    expect(readFileSync(join(stateDir, 'dev.log'), 'utf8')).toMatch(
      new RegExp(`^\\{"level":"warn","message":"webhook attempt",.*"endpoint":"${endpoint}"`, 'm'),
    );
  });

  it('starts both Workers again after their runtime was killed, and says so', async () => {
    const statusOf = (url: string) => fetch(url).then((response) => response.status);
    const health = () => statusOf(`${baseUrl}/health`);
    const app = () => statusOf(`${readDemoFile(stateDir)?.app_url}/app/sign-in`);
    const signIn = () => fetch(readDemoFile(stateDir)?.app_owner.sign_in_url ?? '', { redirect: 'manual' });
    expect([await health(), await app(), (await signIn()).status]).toEqual([200, 200, 303]);

    for (const pid of processesWith('workerd serve', `localhost:${new URL(baseUrl).port}`))
      process.kill(pid, 'SIGKILL');

    await expect.poll(() => output, { timeout: 100_000 }).toContain('The Worker runs again.');
    expect(output).toContain('The Worker ended by itself and is started again.');
    expect([await health(), await app(), (await signIn()).status]).toEqual([200, 200, 410]);
    expect(readFileSync(join(stateDir, 'dev.log'), 'utf8')).toContain('The Workers runtime crashed unexpectedly');
  });

  it('gives the merchant app its port again after only that was lost, and says so', async () => {
    const { app_url: appUrl = '' } = readDemoFile(stateDir) ?? {};
    const app = () => fetch(`${appUrl}/app/sign-in`).then(({ status }) => status);
    expect(await app()).toBe(200);

    for (const pid of processesWith('merchant-app/port.ts', stateDir)) process.kill(pid, 'SIGKILL');

    await expect.poll(() => output, { timeout: 100_000 }).toContain('The port of the merchant app runs again.');
    expect(await app()).toBe(200);
  });
});

/** The ids of the processes whose command line has all these words. */
function processesWith(...words: readonly string[]): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const pid = /^\s*(\d+) /.exec(line)?.[1];
    return pid !== undefined && words.every((word) => line.includes(word)) ? [Number(pid)] : [];
  });
}
