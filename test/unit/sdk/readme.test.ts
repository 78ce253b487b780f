import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import * as sdk from '../../../sdk/verify-webhook.ts';
import { codeBlock, moduleOf, SDK_README } from '../../support/sdk-readme.ts';
import { BODY, CURRENT, NOW, requestOf, VECTORS } from '../../support/webhook-vectors.ts';
import { delivery, standardDelivery } from '../../support/webhook-verification.ts';

const functions = z.record(
  z.string(),
  z.custom<(...given: unknown[]) => unknown>((value) => typeof value === 'function'),
);
const handle = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  vi.stubGlobal('handle', handle);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  handle.mockReset();
});

type Answer = (body: string, headers: Record<string, string>) => Promise<{ status: number; text: string }>;

/** A valid delivery is handled and answered 204; one with a changed body is not handled, and the answer says why. */
async function expectReceives(answer: Answer) {
  const headers = await delivery();
  expect(await answer(BODY, headers)).toEqual({ status: 204, text: '' });
  expect(handle.mock.calls).toEqual([[JSON.parse(BODY)]]);
  expect(await answer(BODY.replace('4999', '4998'), headers)).toEqual({ status: 400, text: 'signature_mismatch' });
  expect(handle).toHaveBeenCalledTimes(1);
}

const requestTo = (body: string, headers: Record<string, string>) =>
  new Request('https://shop.example/webhooks/softsolz', { method: 'POST', body, headers });
const read = async (response: unknown) => {
  if (!(response instanceof Response)) throw new Error('Expected a Response.');
  return { status: response.status, text: await response.text() };
};

describe("the guide's receiver", () => {
  beforeEach(async () => {
    const module = await moduleOf(codeBlock('js', 'function receive'), {
      './verify-webhook.ts': { verifyWebhook: sdk.verifyWebhook },
    });
    vi.stubGlobal('receive', functions.parse({ ...Object(module) }).receive);
  });

  it('works as a Worker', async () => {
    const worker = z.object({ default: functions }).parse(await moduleOf(codeBlock('js', '// Workers'))).default;
    const env = { SOFTSOLZ_WEBHOOK_SECRET: CURRENT };
    await expectReceives(async (body, headers) => await read(await worker.fetch?.(requestTo(body, headers), env)));
  });

  it('works with Hono', async () => {
    const app = new Hono();
    vi.stubGlobal('app', app);
    await moduleOf(codeBlock('js', '// Hono'));
    const env = { SOFTSOLZ_WEBHOOK_SECRET: CURRENT };
    await expectReceives(async (body, headers) => await read(await app.fetch(requestTo(body, headers), env)));
  });

  it.each([
    ['Deno', { env: { get: () => CURRENT } }],
    ['Bun', { env: { SOFTSOLZ_WEBHOOK_SECRET: CURRENT } }],
  ])('works with %s', async (runtime, { env }) => {
    const serve = vi.fn();
    vi.stubGlobal(runtime, { serve, env });
    await moduleOf(codeBlock('js', `// ${runtime}\n`));
    const [given] = serve.mock.calls[0] ?? [];
    const fetch = functions.parse({ fetch: given.fetch ?? given }).fetch;
    await expectReceives(async (body, headers) => await read(await fetch?.(requestTo(body, headers))));
  });
});

describe("the guide's Express route", () => {
  it('works on the raw body', async () => {
    vi.stubEnv('SOFTSOLZ_WEBHOOK_SECRET', CURRENT);
    const post = vi.fn();
    const raw = vi.fn((options: unknown) => options);
    await moduleOf(codeBlock('js', 'express.raw'), {
      './verify-webhook.ts': { verifyWebhook: sdk.verifyWebhook },
      express: { default: Object.assign(() => ({ post }), { raw }) },
    });
    const [path, parser, route] = post.mock.calls[0] ?? [];
    expect([path, parser]).toEqual(['/webhooks/softsolz', { type: 'application/json' }]);
    expect(raw).toHaveBeenCalledTimes(1);
    await expectReceives(async (body, sent) => {
      const headers = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]));
      const answer = { status: 0, text: '' };
      const response = {
        sendStatus: (status: number) => Object.assign(answer, { status }),
        status: (status: number) => ({ send: (text: string) => Object.assign(answer, { status, text }) }),
      };
      await route({ body: Buffer.from(body), headers }, response);
      return answer;
    });
  });
});

describe("the guide's verifier without the helper", () => {
  it.each(VECTORS)('has $name: $last_v1 in Node', async (vector) => {
    const module = await moduleOf(codeBlock('js', 'function isFromSoftsolz'));
    const { isFromSoftsolz } = functions.parse({ ...Object(module) });
    const { body, headers } = requestOf(vector);
    const header = new Headers(headers).get('Softsolz-Signature');
    vi.setSystemTime(vector.now * 1000);
    const accepted = vector.last_v1 === 'accepted';
    expect(isFromSoftsolz?.(body, header, vector.secrets[0])).toBe(accepted);
    expect(isFromSoftsolz?.(body, header ?? undefined, vector.secrets[0])).toBe(accepted);
  });

  it('is accepted by the library of Standard Webhooks', async () => {
    const module = await moduleOf(codeBlock('js', 'new Webhook('), { standardwebhooks: { Webhook } });
    const { verified } = functions.parse({ ...Object(module) });
    const headers = await standardDelivery();
    for (const body of [BODY, Buffer.from(BODY)]) expect(verified?.(body, headers, CURRENT)).toEqual(JSON.parse(BODY));
    expect(() => verified?.(`${BODY} `, headers, CURRENT)).toThrow('No matching signature');
  });
});

describe('the guide', () => {
  it('names every reason that the vectors have', () => {
    const reasons = VECTORS.flatMap(({ reason }) => reason ?? []);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of [...reasons, 'invalid_option', 'crypto_unavailable'])
      expect(SDK_README).toContain(`\`${reason}\``);
  });

  it('names every option and every member of a vector', () => {
    const options = ['body', 'headers', 'secret', 'toleranceSeconds', 'now'];
    const members = new Set(VECTORS.flatMap((vector) => Object.keys(vector)));
    expect(members.delete('name')).toBe(true);
    for (const name of [...options, ...members])
      expect(SDK_README).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'));
  });
});
