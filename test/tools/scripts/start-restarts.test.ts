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
    const statusOf = (url: string) =>
      fetch(url, { signal: AbortSignal.timeout(5_000) }).then((response) => response.status);
    const health = () => statusOf(`${baseUrl}/health`);
    const app = () => statusOf(`${readDemoFile(stateDir)?.app_url}/app/sign-in`);
    expect([await health(), await app()]).toEqual([200, 200]);

    for (const pid of runtimesAt(new URL(baseUrl).port)) process.kill(pid, 'SIGKILL');

    await expect.poll(() => output, { timeout: 100_000 }).toContain('The Worker runs again.');
    expect(output).toContain('The Worker ended by itself and is started again.');
    expect([await health(), await app()]).toEqual([200, 200]);
    expect(readFileSync(join(stateDir, 'dev.log'), 'utf8')).toContain('The Workers runtime crashed unexpectedly');
  });
});

/** The process ids of the local runtimes that listen on a port. */
function runtimesAt(port: string): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const pid = /^\s*(\d+) .*workerd serve/.exec(line)?.[1];
    return pid !== undefined && line.includes(`localhost:${port}`) ? [Number(pid)] : [];
  });
}
