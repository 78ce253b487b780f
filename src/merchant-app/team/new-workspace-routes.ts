import { type Context, Hono } from 'hono';
import { isFormId, newFormId } from '../../core/ids.ts';
import { listInvitationsTo } from '../../db/invitations.ts';
import type { Organisation } from '../../db/members.ts';
import type { NotAllowed } from '../../db/organisations.ts';
import { type Maker, makeWorkspace, readFormState } from '../../domain/workspaces/make-workspace.ts';
import { formIdIn, readForm } from '../form.ts';
import { refusedPage } from '../pages/refused.tsx';
import { pathIn } from '../paths.ts';
import { personContext } from '../person-context.ts';
import { type SignedInEnv, signedIn } from '../sign-in/signed-in.ts';
import { clockOf } from '../time.ts';
import { cannotMakePage, newWorkspacePage } from './new-workspace-page.tsx';
import { newWorkspaceTexts } from './new-workspace-texts.ts';

/** The routes below /app/workspaces, by which a person makes a workspace. */
export const newWorkspaceRoutes = new Hono<SignedInEnv>()
  // The form is in the address, so that the browser's Back comes to the same one. It is worth nothing to another person.
  .get('/new', signedIn(), async (c) => {
    const form = c.req.query('form') ?? '';
    if (!isFormId(form)) return toNewForm(c);
    const state = await readFormState(c.var.directory, makerOf(c), { id: form, now: Date.now() });
    switch (state.outcome) {
      case 'made':
        return state.role === null ? toNewForm(c) : toHome(c, state.organisation);
      case 'can_make':
        return askForName(c, { form, name: '', fault: null, status: 200 });
      case 'too_many':
      case 'not_invited':
        return cannotMake(c, state.outcome);
    }
  })

  .post('/', signedIn(), async (c) => {
    const fields = await readForm(c);
    const [form, name] = [formIdIn(fields), fields.get('name') ?? ''];
    if (form === null) return toNewForm(c);
    const made = await makeWorkspace(personContext(c), makerOf(c), { id: form, name });
    switch (made.outcome) {
      case 'made':
        return toHome(c, made.organisation);
      case 'bad_name':
        return askForName(c, { form, name, fault: 'badName', status: 422 });
      case 'too_often':
        return askForName(c, { form, name, fault: 'tooOften', status: 429 });
      case 'no_member':
        return c.html(refusedPage({ language: c.var.language, why: 'no_member' }), 404);
      case 'too_many':
      case 'not_invited':
        return cannotMake(c, made.outcome);
    }
  });

const CANNOT_STATUS = { too_many: 409, not_invited: 403 } as const;

async function cannotMake(c: Context<SignedInEnv>, why: NotAllowed) {
  return c.html(cannotMakePage({ ...(await viewOf(c)), why }), CANNOT_STATUS[why]);
}

function toNewForm(c: Context<SignedInEnv>) {
  return c.redirect(`/app/workspaces/new?form=${newFormId()}`, 303);
}

function toHome(c: Context<SignedInEnv>, { id }: Organisation) {
  return c.redirect(pathIn(id, 'sandbox', 'home'), 303);
}

interface FormAnswer {
  readonly form: string;
  readonly name: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: 'badName' | 'tooOften' | null;
  readonly status: 200 | 422 | 429;
}

async function askForName(c: Context<SignedInEnv>, { form, name, fault, status }: FormAnswer) {
  const text = fault && newWorkspaceTexts[c.var.language][fault];
  return c.html(newWorkspacePage({ ...(await viewOf(c)), form, name, fault: text }), status);
}

async function viewOf(c: Context<SignedInEnv>) {
  const { directory, language, signedIn: who } = c.var;
  const { email } = who.person;
  return { clock: clockOf(c), language, email, invitations: await listInvitationsTo(directory, email, Date.now()) };
}

function makerOf(c: Context<SignedInEnv>): Maker {
  return { person: c.var.signedIn.person, needsInvitation: c.var.config.signUp === 'invitation' };
}
