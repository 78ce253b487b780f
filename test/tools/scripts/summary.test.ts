import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../scripts/admin/command-line.ts';
import { createSessionCommand, onboardCommand, summary } from '../../../scripts/dev/summary.ts';
import { isRuntimeCrash, keptLine, mailText, terminalLine } from '../../../scripts/dev/worker-output.ts';
import type { DemoFile, DemoWorkspace } from '../../../scripts/local/demo-file.ts';
import { styleFor } from '../../../scripts/local/style.ts';
import { newApiKey } from '../../../src/core/api-keys.ts';
import { newPaymentLinkToken } from '../../../src/core/ids.ts';

const key = newApiKey({ kind: 'secret', mode: 'sandbox', shard: '0' });
const workspace: DemoWorkspace = {
  workspace_id: '00000000-0000-4000-8000-000000000000',
  account: 'acct_demo_main',
  keys: { all: key, readonly: key, none: key },
  public_key: key,
  allowed_origin: 'http://localhost:65535',
  webhook: { url: 'http://localhost:65533/sink/main-sandbox', secret: 'whsec_x' },
  links: { fixed: newPaymentLinkToken('0'), open: newPaymentLinkToken('0') },
};
const pair = { live: workspace, sandbox: workspace };
const demo: DemoFile = {
  base_url: 'http://localhost:65534',
  stripe_url: 'http://localhost:65533',
  sink_url: 'http://localhost:65533/sink',
  shop_url: 'http://localhost:65535',
  foreign_shop_url: 'http://localhost:65532',
  app_url: 'http://localhost:65531',
  app_owner: { email: 'owner@shop.example', sign_in_url: `http://localhost:65531/app/dev/sign-in/${'x'.repeat(22)}` },
  stripe_events: { test: { url: '', secret: '' }, live: { url: '', secret: '' } },
  workspaces: { main: pair, other: pair, unconnected: pair, onboarding: pair, suspended: pair },
};
const places = { demoFile: '.wrangler/state/demo.json', logFile: '.wrangler/state/dev.log' };
const plain = styleFor(new PassThrough());

describe('what npm start prints', () => {
  it.each(['http://localhost:65533', 'https://api.stripe.com'])('fits 80 columns with the longest ports, %s', (url) => {
    const lines = summary({ ...demo, stripe_url: url }, places, plain).split('\n');
    expect(lines.length).toBeGreaterThan(30);
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it('has no colour where the stream is no terminal', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the start of a colour is a control character
    expect(summary(demo, places, plain)).not.toMatch(/\u001b/);
  });

  it('begins with the link that signs in to the merchant app once', () => {
    const [title, what, link] = summary(demo, places, plain).trim().split('\n\n');
    expect(title).toBe('SoftSolz Payments is running');
    expect(what).toMatch(/merchant app as the owner of Harbour Studio.*works once/);
    expect(link?.trim()).toBe(demo.app_owner.sign_in_url);
  });

  it('names pay link, key, sink and both demo shops', () => {
    const text = summary(demo, places, plain);
    expect(text).toContain(`${demo.base_url}/pay/link/${workspace.links.fixed}`);
    expect(text).toContain(key);
    expect(text).toContain(`curl ${workspace.webhook.url}/log`);
    expect(text).toContain(`${demo.shop_url}  `);
    expect(text).toContain(`${demo.foreign_shop_url}  `);
    expect(text).toContain(`${demo.app_url}/app  `);
    expect(text).toContain(`${demo.app_url}/app/dev/mail  `);
  });

  it('names the workspace without an account, with the command that onboards it', () => {
    const other = { ...workspace, workspace_id: '11111111-1111-4111-8111-111111111111', account: null };
    const workspaces = { ...demo.workspaces, unconnected: { live: workspace, sandbox: other } };
    const text = summary({ ...demo, workspaces }, places, plain);
    expect(text).toContain('unconnected');
    const pasted = onboardCommand({ ...demo, workspaces });
    expect(text.replaceAll(/^ {2}/gm, '')).toContain(pasted);
    const script = `npm() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${pasted}\n`;
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    const [, , , ...words] = stdout.split('\0').slice(0, -1);
    expect(parseCommandLine(words)).toMatchObject({
      command: { words: 'account onboard' },
      input: { positionals: [other.workspace_id], options: { country: 'GB' } },
    });
  });

  it('has a command that a shell takes as pasted, with the indentation of the terminal', () => {
    const pasted = summary(demo, places, plain)
      .split('\n')
      .filter((line) => createSessionCommand(demo).split('\n').includes(line.slice(2)));
    const script = `curl() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${pasted.join('\n')}\n`;
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const [url, ...options] = stdout.split('\0').slice(0, -1);
    expect(url).toBe(`${demo.base_url}/api/v1/services/payments/checkout-sessions`);
    expect(options.slice(0, 5)).toEqual([
      '-H',
      `Authorization: Bearer ${key}`,
      '-H',
      'Content-Type: application/json',
      '-d',
    ]);
    expect(JSON.parse(options[5] ?? '')).toEqual({
      amount_cents: 4999,
      currency: 'gbp',
      reference: '1042',
      success_url: 'https://shop.example/thanks',
      cancel_url: 'https://shop.example/cart',
    });
  });
});

describe('what of the Worker’s output reaches the terminal', () => {
  it('leaves requests and other information to the log', () => {
    expect(terminalLine('{"level":"info","message":"request","status":200}')).toBeNull();
    expect(terminalLine('[wrangler:info] GET /health 200 OK (3ms)')).toBeNull();
    expect(terminalLine('▲ [WARNING] Scheduled Workers are not automatically triggered')).toBeNull();
    expect(terminalLine('{ not json')).toBeNull();
  });

  it('shows errors and warnings in one line, without their stack', () => {
    const line = { level: 'error', message: 'internal_error', request_id: 'r1', error: 'Error: boom\n    at here' };
    expect(terminalLine(JSON.stringify(line))).toEqual({
      level: 'error',
      text: 'internal_error · Error: boom · r1',
    });
    const attempt = { level: 'warn', message: 'webhook attempt', workspace: 'w', endpoint: 'we_1', delivery: 'dlv_1' };
    expect(terminalLine(JSON.stringify({ ...attempt, status: 500, error: null, duration_ms: 4 }))).toEqual({
      level: 'warn',
      text: 'webhook attempt · we_1 · dlv_1 · 500',
    });
    expect(terminalLine('{"level":"warn","message":"slow"}')).toEqual({ level: 'warn', text: 'slow' });
    expect(terminalLine('✘ [ERROR] Build failed with 1 error:')).toEqual({
      level: 'error',
      text: 'Build failed with 1 error:',
    });
  });

  it('shows the causes of an error behind it', () => {
    const error = 'ApiError: Stripe refused.\n    at a <- StripeFailure: Missing permission.\n    at b';
    expect(terminalLine(JSON.stringify({ level: 'error', message: 'stripe_error', error }))?.text).toBe(
      'stripe_error · ApiError: Stripe refused. <- StripeFailure: Missing permission.',
    );
  });

  it('keeps what says nothing about the Worker out of the log, and nothing else', () => {
    const report =
      'workerd/io/trace.c++:1: disconnected: The destination object for this tail session no longer exists.';
    const stack = '  stack: /app/node_modules/@cloudflare/workerd-linux-64/bin/workerd@34dcea9; wdErrId = rfah';
    for (const line of [report, `✘ [ERROR] ${report}`, stack, '', '  ']) expect(keptLine(line)).toBeNull();
    const others = [
      'workerd/io/x.c++:1: disconnected: peer disconnected without gracefully ending',
      '{"level":"error","message":"disconnected"}',
      '✘ [ERROR] Build failed with 1 error:',
      '▲ [WARNING] Scheduled Workers are not automatically triggered',
    ];
    for (const line of others) expect(keptLine(line)).toBe(line);
  });

  it('shows each mail of the merchant app, also where wrangler names the Worker before the line', () => {
    const mail = {
      level: 'info',
      message: 'mail',
      to: 'a@example.com',
      subject: 'Your code',
      text: 'Code\n\n012345\n',
    };
    const line = keptLine(`[softsolz-merchant-app] ${JSON.stringify(mail)}`) ?? '';
    expect(mailText(line)).toBe('Mail to a@example.com: Your code\n  Code\n\n  012345');
    expect(terminalLine(line)).toBeNull();
    expect(mailText('{"level":"info","message":"request"}')).toBeNull();
  });

  it.each([
    ['▲ [WARNING]', 'warn'],
    ['✘ [ERROR]', 'error'],
    ['✘ [ERROR] [softsolz-payments]', 'error'],
    ['[softsolz-payments] ✘ [ERROR]', 'error'],
  ])('keeps what the Worker logs as JSON alone, without the %s of wrangler', (prefix, level) => {
    const logged = JSON.stringify({ level, message: 'webhook attempt', endpoint: 'we_1' });
    const kept = keptLine(`${prefix} ${logged}`);
    expect(kept).toBe(logged);
    expect(terminalLine(kept ?? '')).toEqual({ level, text: 'webhook attempt · we_1' });
  });

  it('notices that the local runtime has ended', () => {
    const line = '[wrangler:warn] The Workers runtime crashed unexpectedly and is being restarted (crash #1).';
    expect(isRuntimeCrash(line)).toBe(true);
    expect(isRuntimeCrash('[wrangler:info] Ready on http://localhost:8787')).toBe(false);
  });

  it('shortens what is endless', () => {
    const shown = terminalLine(JSON.stringify({ level: 'error', message: 'x'.repeat(5000) }));
    expect(shown?.text).toHaveLength(240);
  });
});
