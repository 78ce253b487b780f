import { renderUnicodeCompact } from 'uqr';
import type { DemoFile } from '../local/demo-file.ts';
import type { Style } from '../local/style.ts';

export interface SummaryPlaces {
  /** Both as `shortPath` shows them. */
  readonly demoFile: string;
  readonly logFile: string;
}

const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '  ');

/**
 * Commands that put the demo's key into the shell and create a Checkout session. They work when pasted, and afterwards
 * so do those of the README, which use the same variable.
 */
export function createSessionCommand(demo: DemoFile): string {
  return [
    `export SECRET_KEY=${demo.workspaces.main.sandbox.keys.all}`,
    `curl ${demo.base_url}/api/v1/services/payments/checkout-sessions \\`,
    '  -H "Authorization: Bearer $SECRET_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    "  -d '{",
    '    "amount_cents": 4999, "currency": "gbp", "reference": "1042",',
    '    "success_url": "https://shop.example/thanks",',
    '    "cancel_url": "https://shop.example/cart"',
    "  }'",
  ].join('\n');
}

/** The command that onboards the demo workspace without an account. It works when pasted. */
export function onboardCommand({ workspaces }: DemoFile): string {
  const { workspace_id: id } = workspaces.unconnected.sandbox;
  return `npm run admin -- account onboard ${id} \\\n  --country GB --email owner@shop.example`;
}

/** What `npm start` prints when everything runs, at most 80 columns wide. */
export function summary(demo: DemoFile, places: SummaryPlaces, style: Style): string {
  const { sandbox } = demo.workspaces.main;
  const payLink = `${demo.base_url}/pay/link/${sandbox.links.fixed}`;
  const simulated = new URL(demo.stripe_url).hostname === 'localhost';
  const row = (name: string, value: string) => `${style.dim(name.padEnd(11))} ${value}`;
  const pay = simulated
    ? 'Open data.url and pay with 4242 4242 4242 4242. Then read the signed webhook:'
    : "Open data.url and pay with Stripe's test card. Then read the signed webhook:";
  const blocks = [
    style.bold('SoftSolz Payments is running'),
    `${style.bold('Open the merchant app')} as the owner of Harbour Studio. The link works once:\n\n${style.link(demo.app_owner.sign_in_url)}`,
    [
      row('API', style.link(demo.base_url)),
      row('Stripe', `${style.link(demo.stripe_url)}${style.dim(simulated ? '  simulator' : '  your test mode')}`),
      row('Pay link', style.link(payLink)),
      row('App', `${style.link(`${demo.app_url}/app`)}${style.dim('  or sign in with any e-mail')}`),
      row('', `${style.link(`${demo.app_url}/app/dev/mail`)}${style.dim('  its mail')}`),
      row('Shop', `${style.link(demo.shop_url)}${style.dim('  widget, on the key’s list')}`),
      row('', `${style.link(demo.foreign_shop_url)}${style.dim('  widget, not on the list')}`),
    ].join('\n'),
    renderUnicodeCompact(payLink, { border: 2 }).split('\n').map(style.lightOnDark).join('\n'),
    `${style.bold('Create a Checkout session')}\n\n${createSessionCommand(demo)}`,
    `${pay}\n\n${style.bold(`curl ${sandbox.webhook.url}/log`)}`,
    `${style.bold('Connect a Stripe account')} to the workspace unconnected, which has none\n\n${onboardCommand(demo)}`,
    [
      row('All keys', places.demoFile),
      row('Log', places.logFile),
      ...(simulated ? [row('Demo', 'npm run demo')] : []),
      row('Stop', 'Ctrl-C'),
    ].join('\n'),
  ];
  return `\n${indent(blocks.join('\n\n'))}\n`;
}
