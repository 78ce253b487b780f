import { type Context, Hono } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { newFormId } from '../../core/ids.ts';
import { disconnectAccount } from '../../domain/accounts/disconnect-account.ts';
import { openDashboard } from '../../domain/accounts/open-dashboard.ts';
import { readReturnedAccount } from '../../domain/accounts/returned-account.ts';
import { startOnboarding } from '../../domain/accounts/start-onboarding.ts';
import { onboardingLinkBody } from '../../http/api/account/requests.ts';
import { allowedTo, mayHere, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { formIdIn, readForm } from '../form.ts';
import { pathOf, WORKSPACE_PATH } from '../paths.ts';
import { clockOf } from '../time.ts';
import { type ConnectForm, disconnectPage, stripePage } from './stripe-page.tsx';

const PATH = `${WORKSPACE_PATH}/settings/stripe` as const;

/** The Stripe account of a workspace. */
export const stripeRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), (c) => {
    const checked = c.req.query('checked');
    return show(c, emptyForm(c), checked === undefined ? null : checked === 'yes');
  })

  // Stripe sends the merchant here. What it says now is stored, so that the page does not show an older state.
  .get(`${PATH}/returned`, allowedTo('account.connect'), (c) => check(c))
  .post(`${PATH}/check`, allowedTo('account.connect'), (c) => check(c))

  .post(`${PATH}/connect`, allowedTo('account.connect'), async (c) => {
    const form = await readForm(c);
    const [country, email] = [(form.get('country') ?? '').trim(), (form.get('email') ?? '').trim()];
    const parsed = onboardingLinkBody.safeParse({
      country: country || null,
      email: email || null,
      return_url: `${addressOf(c)}/returned`,
      refresh_url: addressOf(c),
      start_over: form.get('start_over') === 'true',
    });
    if (!parsed.success)
      return show(c, { country, email, faulty: faultyOf(parsed.error.issues.map(({ path }) => path[0])) });
    try {
      const started = await startOnboarding(c.var.context, { ...parsed.data, requestKey: formIdIn(form) });
      return c.redirect(started.kind === 'link' ? started.link.url : `${pathHere(c)}?checked=yes`, 303);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'account_ready')
        return c.redirect(`${pathHere(c)}?checked=yes`, 303);
      const faulty = error instanceof ApiError ? faultyOf(error.faults.map(({ field }) => field)) : [];
      if (faulty.length > 0) return show(c, { country, email, faulty });
      throw error;
    }
  })

  .post(`${PATH}/dashboard`, allowedTo('account.connect'), async (c) =>
    c.redirect(await openDashboard(c.var.context), 303),
  )

  .get(`${PATH}/disconnect`, allowedTo('account.disconnect'), (c) => c.html(disconnectPage(shellOf(c))))

  .post(`${PATH}/disconnect`, allowedTo('account.disconnect'), async (c) => {
    await disconnectAccount(c.var.context);
    return c.redirect(pathHere(c), 303);
  });

async function check(c: Context<WorkspaceEnv>) {
  const { isConfirmed } = await readReturnedAccount(c.var.context);
  return c.redirect(`${pathHere(c)}?checked=${isConfirmed ? 'yes' : 'no'}`, 303);
}

const pathHere = (c: Context<WorkspaceEnv>) => pathOf(shellOf(c), 'settings/stripe');

const addressOf = (c: Context<WorkspaceEnv>) => `${c.var.config.appUrl}${pathHere(c)}`;

/** The fields of the form among the names. */
function faultyOf(names: readonly unknown[]): ConnectForm['faulty'] {
  return (['country', 'email'] as const).filter((field) => names.includes(field));
}

const emptyForm = (c: Context<WorkspaceEnv>): ConnectForm => ({
  country: c.req.raw.cf?.country?.toString() ?? '',
  email: c.var.signedIn.person.email,
  faulty: [],
});

function show(c: Context<WorkspaceEnv>, form: ConnectForm, isConfirmed: boolean | null = null) {
  const view = {
    shell: shellOf(c),
    clock: clockOf(c),
    account: c.var.context.account,
    form,
    formId: newFormId(),
    mayConnect: mayHere(c, 'account.connect'),
    mayDisconnect: mayHere(c, 'account.disconnect'),
    isConfirmed,
  };
  return c.html(stripePage(view), form.faulty.length > 0 ? 422 : 200);
}
