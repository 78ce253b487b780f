import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookEndpoint } from '../../../../src/db/webhook-endpoints.ts';
import { attempt, playReceiver } from '../../support/deliveries.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const SECRETS = '/services/T0SECRET/hook?token=hidden';
const URL_WITH_SECRETS = `https://hooks.yoursite.com${SECRETS}`;

let shop: TestWorkspace;
let endpoint: WebhookEndpoint;

beforeEach(async () => {
  shop = await newWorkspace({ account: 'none', webhook: false });
  endpoint = await addEndpointRow(shop, { url: URL_WITH_SECRETS });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Attempts one delivery. Returns its id and the lines that the attempt has logged, as text. */
async function linesOfAttempt(answer: () => Promise<Response>) {
  playReceiver(URL_WITH_SECRETS, answer);
  const [id = ''] = await waitingFor(endpoint, 1);
  return { id, lines: await linesWhile(() => attempt([id])) };
}

/** The lines about attempts that are logged meanwhile. */
async function linesWhile(work: () => Promise<unknown>): Promise<string[]> {
  const logs = [vi.spyOn(console, 'info'), vi.spyOn(console, 'warn')];
  for (const log of logs) log.mockImplementation(() => undefined);
  await work();
  const lines = logs.flatMap(({ mock }) => mock.calls.map(([line]) => String(line)));
  return lines.filter((line) => line.includes('webhook attempt'));
}

describe('An attempt at a delivery writes one line to the log', () => {
  it('with whose it is, what came of it and how long it took', async () => {
    const { id, lines } = await linesOfAttempt(async () => new Response('a secret answer', { status: 500 }));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'warn',
        message: 'webhook attempt',
        workspace: endpoint.workspaceId,
        endpoint: endpoint.id,
        delivery: id,
        event_type: 'payments.payment.succeeded',
        attempt: 1,
        status: 500,
        error: null,
        duration_ms: expect.any(Number),
      },
    ]);
  });

  it('as information, not as a warning, where it was delivered', async () => {
    const { lines } = await linesOfAttempt(async () => new Response('{}', { status: 202 }));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'info', status: 202, attempt: 1 }]);
  });

  it('without the URL, the body and the secret of the endpoint, also where the connection fails', async () => {
    const { lines } = await linesOfAttempt(async () => {
      throw new TypeError(`Could not connect to ${URL_WITH_SECRETS}`);
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(String(lines[0]))).toMatchObject({
      endpoint: endpoint.id,
      status: null,
      error: 'connection failed: Could not connect to <url>',
    });
    expect(lines.join()).not.toMatch(/T0SECRET|hidden|whsec_|yoursite/);
  });

  it('where the URL may no longer be called', async () => {
    const [id = ''] = await waitingFor(await addEndpointRow(shop, { url: 'http://hooks.yoursite.com/x' }), 1);
    const [line] = await linesWhile(() => attempt([id]));
    expect(JSON.parse(String(line))).toMatchObject({
      delivery: id,
      status: null,
      error: expect.stringMatching(/^not sent/),
    });
  });
});
