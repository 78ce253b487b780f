import { Hono } from 'hono';
import { closePair } from '../../domain/workspaces/close-pair.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { readForm } from '../form.ts';
import { pathOf, WORKSPACE_PATH } from '../paths.ts';
import { closePage } from './close-page.tsx';

/** The routes by which an owner closes a workspace. */
export const closeRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/close`, allowedTo('workspace.close'), (c) =>
    c.html(closePage({ shell: shellOf(c), typed: '', isWrong: false })),
  )

  .post(`${WORKSPACE_PATH}/close`, allowedTo('workspace.close'), async (c) => {
    const { name } = c.var.membership.organisation;
    const typed = (await readForm(c)).get('name') ?? '';
    if (oneSpace(typed) !== oneSpace(name)) {
      return c.html(closePage({ shell: shellOf(c), typed, isWrong: true }), 422);
    }
    await closePair(c.var.context);
    return c.redirect(pathOf(shellOf(c), 'close'), 303);
  });

/** A person cannot see how many spaces a name has. */
function oneSpace(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
