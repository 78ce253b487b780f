import { type Context, Hono } from 'hono';
import { parseRowCursor } from '../../core/paging.ts';
import { findKeyNames } from '../../db/api-keys.ts';
import { listAuditLog, type StoredAuditEntry } from '../../db/operator-lists.ts';
import { findEmails } from '../../db/sign-in.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { pathIn, WORKSPACE_PATH } from '../paths.ts';
import { clockOf } from '../time.ts';
import { auditPage } from './audit-page.tsx';
import { auditTexts } from './audit-texts.ts';

const PAGE = 50;

/** The audit log of a workspace. */
export const auditRoutes = new Hono<WorkspaceEnv>().get(
  `${WORKSPACE_PATH}/settings/audit`,
  allowedTo('read'),
  async (c) => {
    const { context, membership } = c.var;
    const { database, workspace } = context;
    const before = parseRowCursor(c.req.query('cursor') ?? '');
    const page = await listAuditLog(database, workspace.id, { object: null }, { limit: PAGE, offset: 0, before });
    const path = pathIn(membership.organisation.id, workspace.mode, 'settings/audit');
    const next = page.nextCursor === null ? null : `${path}?cursor=${page.nextCursor}`;
    const names = await namesOf(c, page.items);
    return c.html(auditPage({ shell: shellOf(c), clock: clockOf(c), entries: page.items, names, next }));
  },
);

/** The names of the people and keys in the entries, by the actor: `person:…` or `key:…`. */
async function namesOf(c: Context<WorkspaceEnv>, entries: readonly StoredAuditEntry[]): Promise<Map<string, string>> {
  const { context, language, signedIn } = c.var;
  const texts = auditTexts[language];
  const idsOf = (kind: string) => [
    ...new Set(entries.flatMap(({ actor }) => (actor.startsWith(`${kind}:`) ? [actor.slice(kind.length + 1)] : []))),
  ];
  const [people, keys] = [idsOf('person'), idsOf('key')];
  const [emails, known] = await Promise.all([
    findEmails(c.var.directory, people),
    keys.length === 0 ? new Map<string, string>() : findKeyNames(context.database, context.workspace.id, keys),
  ]);
  const nameOf = (id: string) => (id === signedIn.person.id ? texts.you : (emails.get(id) ?? texts.person));
  return new Map([
    ...people.map((id) => [`person:${id}`, nameOf(id)] as const),
    ...[...known].map(([id, name]) => [`key:${id}`, texts.key(name)] as const),
  ]);
}
