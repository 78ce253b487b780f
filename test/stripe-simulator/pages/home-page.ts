import type { Hono } from 'hono';
import { html } from 'hono/html';
import { type Html, page } from './layout.ts';

/** What is served below which paths, as in the README. */
const PLACES = [
  ['/v1/…, /v2/core/…', 'Stripe’s API. The official SDK works with it.'],
  ['/c/pay/…, /setup/…, /express/…', 'pages for people: Checkout, the onboarding of accounts, their dashboard'],
  ['/stripe.js, /embedded/…', 'Checkout inside another page'],
  ['/_control/…', 'changes the simulated state'],
  ['/sink/…', 'webhook endpoints that record what they receive; /sink/NAME/log has it'],
] as const;

/** The page at `/`: what this is, and where to go. `control`: the routes below `/_control`. */
export function homePage(control: Hono['routes']): Html {
  const routes = control.filter(({ method }) => method !== 'ALL');
  return page(
    'Stripe simulator',
    'narrow',
    html`<h1>Stripe simulator</h1>
<p>It stands in for Stripe on this machine, for development and tests of SoftSolz Payments. No money moves, and nothing reaches Stripe.</p>
<div class="panel"><h2>What is here</h2>
<dl>${PLACES.map(([path, what]) => html`<dt><code>${path}</code></dt><dd>${what}</dd>`)}</dl>
</div>
<div class="panel"><h2>The control API</h2>
<p>JSON in and out, for programs such as curl, not for web pages. <code>test/stripe-simulator/README.md</code> has an example of each.</p>
<ul>${routes.map(({ method, path }) => html`<li><code>${method} /_control${path}</code></li>`)}</ul>
</div>`,
  );
}
