import { type Context, Hono } from 'hono';
import { DEFAULT_SHARD, isFormId, newFormId } from '../core/ids.ts';
import { listInvitationsTo } from '../db/invitations.ts';
import { listMemberships, type Organisation } from '../db/members.ts';
import {
  findMade,
  finishWorkspace,
  type Maker,
  makeWorkspace,
  whyNotMake,
} from '../domain/workspaces/make-workspace.ts';
import { platformIn } from './allowed-to.ts';
import { readForm } from './form.ts';
import { cannotMakePage, newWorkspacePage } from './pages/new-workspace.tsx';
import { refusedPage } from './pages/refused.tsx';
import { pathIn } from './paths.ts';
import { type SignedInEnv, signedIn } from './signed-in.ts';
import { newWorkspaceTexts } from './texts/new-workspace.ts';

/** The routes below /app/workspaces, by which a person makes a workspace. */
export const newWorkspaceRoutes = new Hono<SignedInEnv>()
  // The form is in the address, so that the browser's Back comes to the same one. It is worth nothing to another person.
  .get('/new', signedIn(), async (c) => {
    const form = c.req.query('form') ?? '';
    if (!isFormId(form)) return toNewForm(c);
    const made = await findMade(c.var.directory, c.var.signedIn.person.id, form);
    if (made) return made.role === null ? toNewForm(c) : toHome(c, made.organisation);
    const why = await whyNotMake(c.var.directory, makerOf(c), Date.now());
    if (why !== null) return c.html(cannotMakePage({ ...(await viewOf(c)), why }), 403);
    return askForName(c, { form, name: '', fault: null, status: 200 });
  })

  .post('/', signedIn(), async (c) => {
    const fields = await readForm(c);
    const [form, name] = [fields.get('form') ?? '', fields.get('name') ?? ''];
    if (!isFormId(form)) return toNewForm(c);
    const made = await makeWorkspace(platformIn(c, DEFAULT_SHARD), makerOf(c), { id: form, name });
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
        return c.html(cannotMakePage({ ...(await viewOf(c)), why: made.outcome }), 403);
    }
  })

  .post('/:id/finish', signedIn(), async (c) => {
    const memberships = await listMemberships(c.var.directory, c.var.signedIn.person.id);
    const found = memberships.find(({ organisation }) => organisation.id === c.req.param('id'));
    if (!found) return c.html(refusedPage({ language: c.var.language, why: 'no_member' }), 404);
    await finishWorkspace(platformIn(c, DEFAULT_SHARD), found.organisation);
    return toHome(c, found.organisation);
  });

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
  return { language, email, invitations: await listInvitationsTo(directory, email, Date.now()) };
}

function makerOf(c: Context<SignedInEnv>): Maker {
  return { person: c.var.signedIn.person, needsInvitation: c.var.config.signUp === 'invitation' };
}
