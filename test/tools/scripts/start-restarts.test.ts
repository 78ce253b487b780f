import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readDemoFile } from '../../../scripts/local/demo-file.ts';
import { freePort } from '../../support/free-port.ts';

it('starts the Worker again after its runtime was killed, and says so', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'softsolz-start-'));
  const env = { ...process.env, STATE_DIR: stateDir };
  for (const name of ['PORT', 'STRIPE_PORT', 'SHOP_PORT', 'FOREIGN_SHOP_PORT']) {
    Object.assign(env, { [name]: String(await freePort()) });
  }
  const child = spawn('npm', ['start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(stateDir, { recursive: true, force: true });
  });
  const demoFile = join(stateDir, 'demo.json');
  await expect.poll(() => existsSync(demoFile), { timeout: 100_000, message: output }).toBe(true);
  const baseUrl = readDemoFile(stateDir)?.base_url ?? '';
  const health = () =>
    fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(5_000) }).then((response) => response.status);
  expect(await health()).toBe(200);

  for (const pid of runtimesAt(new URL(baseUrl).port)) process.kill(pid, 'SIGKILL');

  await expect.poll(() => output, { timeout: 100_000 }).toContain('The Worker runs again.');
  expect(output).toContain('The Worker ended by itself and is started again.');
  expect(await health()).toBe(200);
  expect(readFileSync(join(stateDir, 'dev.log'), 'utf8')).toContain('The Workers runtime crashed unexpectedly');
});

/** The process ids of the local runtimes that listen on a port. */
function runtimesAt(port: string): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const pid = /^\s*(\d+) .*workerd serve/.exec(line)?.[1];
    return pid !== undefined && line.includes(`localhost:${port}`) ? [Number(pid)] : [];
  });
}
