import { html } from 'hono/html';
import type { StoredAccount } from '../state.ts';
import { type Html, page } from './layout.ts';

/** The page where the owner of a connected account submits details to Stripe. Here one click does it. */
export function onboardingPage(account: StoredAccount): Html {
  const name = account.object.business_profile?.name ?? account.object.id;
  const mode = account.livemode ? 'live' : 'test';
  return page(
    'Connect with Stripe',
    'narrow',
    html`<div class="panel">
<h1>Connect with Stripe</h1>
<p>Set up <strong>${name}</strong> (${mode} mode) to take payments. Completing turns on charges and payouts.</p>
<form method="post">
<button name="action" value="complete">Complete</button>
<button class="second" name="action" value="leave">Leave without completing</button>
<button class="second" name="action" value="refresh">Ask for a new link</button>
</form>
</div>`,
  );
}
