import { renderUnicodeCompact } from 'uqr';
import type { DemoFile } from '../local/demo-file.ts';
import type { Style } from '../local/style.ts';

export interface SummaryPlaces {
  /** As a person would type them, seen from the working directory. */
  readonly demoFile: string;
  readonly logFile: string;
}

const indent = (text: string, by = '  ') => text.replaceAll(/^(?=.)/gm, by);

/** A command that creates a Checkout session; it works as pasted into a shell. */
export function createSessionCommand(demo: DemoFile): string {
  return [
    `curl ${demo.base_url}/api/v1/services/payments/checkout-sessions \\`,
    `  -H 'Authorization: Bearer ${demo.workspaces.main.sandbox.keys.all}' \\`,
    "  -H 'Content-Type: application/json' \\",
    "  -d '{",
    '    "amount_cents": 4999, "currency": "gbp", "reference": "1042",',
    '    "success_url": "https://shop.example/thanks",',
    '    "cancel_url": "https://shop.example/cart"',
    "  }'",
  ].join('\n');
}

/** What a person needs once everything runs, at most 80 columns wide. */
export function summary(demo: DemoFile, places: SummaryPlaces, style: Style): string {
  const { sandbox } = demo.workspaces.main;
  const payLink = `${demo.base_url}/pay/link/${sandbox.links.fixed}`;
  const simulated = new URL(demo.stripe_url).hostname === 'localhost';
  const row = (name: string, value: string) => `${style.dim(name.padEnd(11))} ${value}`;
  const pay = simulated
    ? 'Open data.url and pay with 4242 4242 4242 4242. The signed webhook is then at:'
    : "Open data.url and pay with Stripe's test card. Soon after, the webhook is at:";
  const blocks = [
    style.bold('SoftSolz Payments is running'),
    [
      row('API', style.link(demo.base_url)),
      row('Stripe', `${style.link(demo.stripe_url)}${style.dim(simulated ? '  simulator' : '  your test mode')}`),
      row('Secret key', `${sandbox.keys.all}${style.dim('  sandbox')}`),
      row('Pay link', style.link(payLink)),
      row('Shop', `${style.link(demo.shop_url)}${style.dim('  the widget, on its key’s list')}`),
      row('', `${style.link(demo.foreign_shop_url)}${style.dim('  and not on it')}`),
    ].join('\n'),
    renderUnicodeCompact(payLink, { border: 2 }).split('\n').map(style.lightOnDark).join('\n'),
    `${style.bold('Create a Checkout session')}\n\n${createSessionCommand(demo)}`,
    `${pay}\n\n${style.bold(`curl ${sandbox.webhook.url}/log`)}`,
    [
      row('All keys', places.demoFile),
      row('Log', places.logFile),
      ...(simulated ? [row('Try it all', 'npm run demo')] : []),
      row('Stop', 'Ctrl-C'),
    ].join('\n'),
  ];
  return `\n${indent(blocks.join('\n\n'))}\n`;
}
