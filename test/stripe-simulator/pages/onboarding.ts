import { type Context, Hono } from 'hono';
import { NO_CAUSE } from '../announce.ts';
import { randomText } from '../ids.ts';
import { changeAccount } from '../resources/account-changes.ts';
import { applyOutcome } from '../resources/account-outcomes.ts';
import { ASKED, fulfil } from '../resources/account-requirements.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import { accountKey, type StoredAccount, type StoredOnboarding } from '../state.ts';
import { messagePage, show } from './layout.ts';
import { onboardingPage } from './onboarding-page.ts';
import {
  BUSINESS_TYPES,
  FIELDS,
  firstOpenStep,
  isStep,
  nextStep,
  OFFERED,
  problemsOf,
  type Step,
} from './onboarding-steps.ts';

const LIFETIME_SECONDS = 3600;

/** A valid visit of one step. */
interface Visit {
  step: Step;
  onboarding: StoredOnboarding;
  account: StoredAccount;
  path: string;
}

/** The pages where the owner of a connected account gives Stripe what it asks for. No scripts, plain forms. */
export function createOnboarding(simulation: Simulation): Hono {
  const app = new Hono();
  app.get('/setup/s/:account/:token', (c) => openLink(simulation, c));
  app.get('/setup/done', (c) => show(c, 200, messagePage('That is all', 'You can close this page.')));
  app.get('/setup/o/:token/:step', async (c) => {
    const visit = await findVisit(simulation, c);
    if (visit instanceof Response) return visit;
    const { account, path, step } = visit;
    const open = step === 'review' ? firstOpenStep(account.draft) : undefined;
    if (open) return c.redirect(`${path}${open}`, 303);
    return show(c, 200, onboardingPage(account, { step, path, errors: {} }));
  });
  app.post('/setup/o/:token/:step', async (c) => {
    const form = await c.req.formData();
    const visit = await findVisit(simulation, c);
    return visit instanceof Response ? visit : take(simulation, c, visit, form);
  });
  return app;
}

/** Lets the person in by a link, once. A link that was used, is too old or is of an account that has left leads to its refresh_url. */
function openLink(simulation: Simulation, c: Context): Response | Promise<Response> {
  const link = simulation.state.accountLinks.get(c.req.param('token') ?? '');
  if (!link || link.accountId !== c.req.param('account')) {
    return show(c, 404, messagePage('Not found', 'There is no such setup link.'));
  }
  const { livemode, accountId, refreshUrl, returnUrl } = link;
  const now = nowSeconds(simulation);
  const account = simulation.state.accounts.get(accountKey(livemode, accountId));
  if (link.used || link.expiresAt <= now || !account?.connected) return c.redirect(refreshUrl, 303);
  link.used = true;
  account.draft = { ...known(account), ...account.draft };
  const token = randomText(24);
  const expiresAt = now + LIFETIME_SECONDS;
  simulation.state.onboardings.set(token, { livemode, accountId, refreshUrl, returnUrl, expiresAt, isOver: false });
  simulation.changed();
  return c.redirect(`/setup/o/${token}/business`, 303);
}

/** What the platform has given Stripe already. */
function known({ object }: StoredAccount): Record<string, string> {
  return {
    business_type: object.business_type ?? '',
    business_name: object.business_profile?.name ?? '',
    business_url: object.business_profile?.url ?? '',
    email: object.email ?? '',
  };
}

async function findVisit(simulation: Simulation, c: Context): Promise<Visit | Response> {
  const token = c.req.param('token') ?? '';
  const step = c.req.param('step');
  const onboarding = simulation.state.onboardings.get(token);
  if (!onboarding || !isStep(step)) return show(c, 404, messagePage('Not found', 'There is no such page of a setup.'));
  const account = simulation.state.accounts.get(accountKey(onboarding.livemode, onboarding.accountId));
  // The second click on Submit.
  if (onboarding.isOver && c.req.method === 'POST') return leave(c, onboarding);
  const isOver = onboarding.isOver || onboarding.expiresAt <= nowSeconds(simulation);
  if (isOver || !account?.connected) return c.redirect(onboarding.refreshUrl, 303);
  return { step, onboarding, account, path: `/setup/o/${token}/` };
}

async function take(simulation: Simulation, c: Context, visit: Visit, form: FormData): Promise<Response> {
  const { account, onboarding, path, step } = visit;
  const action = form.get('action');
  keepTyped(account, step, form, action === 'sample');
  simulation.changed();
  if (action === 'leave') return leave(c, onboarding);
  const open = step === 'review' ? firstOpenStep(account.draft) : undefined;
  if (open) return c.redirect(`${path}${open}`, 303);
  const errors = problemsOf(step, account.draft);
  if (Object.keys(errors).length > 0) return show(c, 422, onboardingPage(account, { step, path, errors }));
  if (step !== 'review') {
    submitStep(simulation, account, step);
    return c.redirect(`${path}${nextStep(step)}`, 303);
  }
  const outcome = OFFERED.find(([name]) => name === form.get('outcome'))?.[0] ?? 'ready';
  applyOutcome(simulation, account, outcome);
  return leave(c, onboarding);
}

/** Keeps the fields of this step. With `isSample`, empty ones get sample details. */
function keepTyped(account: StoredAccount, step: Step, form: FormData, isSample: boolean): void {
  for (const { name, sample } of FIELDS[step]) {
    const typed = String(form.get(name) ?? '').trim();
    account.draft[name] = typed === '' && isSample ? sample : typed;
  }
}

/** Gives Stripe the fields of one step. The details are submitted as a whole with the last step. */
function submitStep(simulation: Simulation, account: StoredAccount, step: Exclude<Step, 'review'>): void {
  const { business_type: type, business_name: name, business_url: website } = account.draft;
  changeAccount(simulation, account, NO_CAUSE, (object) => {
    fulfil(object, ASKED[step]);
    if (step !== 'business') return;
    object.business_type = BUSINESS_TYPES.find(([known]) => known === type)?.[0] ?? null;
    if (!object.business_profile) return;
    object.business_profile.name = name || null;
    object.business_profile.url = website ?? null;
  });
}

function leave(c: Context, onboarding: StoredOnboarding): Response {
  onboarding.isOver = true;
  return c.redirect(onboarding.returnUrl ?? '/setup/done', 303);
}
