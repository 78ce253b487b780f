import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../stripe-simulator/harness.ts';
import { startSimulatorServer } from '../../stripe-simulator/server.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: { stateFile?: string; stripe?: boolean } = {}) {
  const server = await startSimulatorServer({ port: 0, eventEndpoints: ENDPOINTS, ...options });
  closing.push(server.close);
  const { port } = new URL(server.url);
  const stripe = new Stripe('sk_test_platform', { host: 'localhost', port, protocol: 'http', maxNetworkRetries: 0 });
  return { ...server, port: Number(port), stripe };
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body) });
}

/** A GET with a Host header of one's own, which `fetch` does not allow. */
function statusForHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path: '/_control/requests', headers: { host } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    request.end();
  });
}

describe('the simulator server', () => {
  it('serves the SDK over HTTP and keeps its state in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-simulator-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, 'state.json');
    const first = await start({ stateFile });
    const account = await first.stripe.accounts.create({ type: 'standard' });
    await first.close();
    const second = await start({ stateFile });
    expect((await second.stripe.accounts.retrieve(account.id)).id).toBe(account.id);
  });

  it('breaks the connection when a fault asks for it, and lives on', async () => {
    const { url, stripe } = await start();
    await post(`${url}/_control/faults`, { fail_next: { count: 2, status: 'network' } });
    await expect(stripe.accounts.create({ type: 'standard' })).rejects.toBeInstanceOf(
      Stripe.errors.StripeConnectionError,
    );
    await post(`${url}/_control/faults`, {});
    expect((await stripe.accounts.list()).data).toEqual([]);
  });

  it('refuses a foreign Host', async () => {
    const { port } = await start();
    expect(await statusForHost(port, `evil.example:${port}`)).toBe(403);
    expect(await statusForHost(port, `localhost:${port}`)).toBe(200);
  });

  it('serves the sink alone beside the real Stripe', async () => {
    const { url } = await start({ stripe: false });
    expect((await post(`${url}/sink/shop`, {})).status).toBe(200);
    expect((await fetch(`${url}/v1/events`)).status).toBe(404);
    expect((await fetch(`${url}/_control/requests`)).status).toBe(404);
  });
});
