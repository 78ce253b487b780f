import { getTableColumns, getTableName, inArray, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Organisation } from '../../../src/db/members.ts';
import * as schema from '../../../src/db/schema.ts';
import { invitations, members, organisations } from '../../../src/db/team-schema.ts';
import { issueKey } from '../../../src/domain/keys/issue-key.ts';
import { createLink } from '../../../src/domain/links/create-link.ts';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { seedEvents, seedFailed } from './events.ts';
import { addPayment } from './payments.ts';
import type { AtWork } from './screens.ts';
import { directory, newEmail } from './team.ts';

/**
 * Makes one of everything that has an id in a path, in a workspace of the first shard, but for members. Returns the ids, by
 * what stands before them in a path.
 */
export async function addOneOfEach(at: Pick<AtWork, 'context' | 'organisation' | 'workspaceId'>) {
  const context = await at.context();
  const payment = await addPayment(context);
  const { token } = await createLink(context, { title: 'Tea bowl', currency: 'GBP', amountMinor: 4999 });
  const common = { name: 'Shop', scopes: ['service.payments.*'], rateLimitPerMinute: 600 };
  const secretKey = await issueKey(context, { ...common, kind: 'secret', allowedOrigins: [] });
  const allowedOrigins = ['https://shop.example.com'];
  const publicKey = await issueKey(context, { ...common, kind: 'public', allowedOrigins });
  const { endpoint } = await createEndpoint(context, { url: 'https://hooks.example.com/in' });
  const [event = ''] = await seedEvents(at.workspaceId, 1, { paymentId: payment.id });
  const [delivery = ''] = await seedFailed(at.workspaceId, endpoint.id, [event]);
  const invitation = { id: crypto.randomUUID(), organisationId: at.organisation.id, email: newEmail() };
  const times = { createdAt: 1, expiresAt: Date.now() + 3_600_000 };
  await directory.insert(invitations).values({ ...invitation, role: 'viewer', invitedBy: null, ...times });
  return new Map([
    ['payments', String(payment.id)],
    ['links', token],
    ['keys', secretKey.key.id],
    ['public-keys', publicKey.key.id],
    ['webhooks', endpoint.id],
    ['events', event],
    ['deliveries', delivery],
    ['invitations', invitation.id],
  ]);
}

/** All rows of the workspaces of these organisations in the first shard, and of their teams, by table. */
export async function rowsOf(pairs: readonly Organisation[]): Promise<Record<string, unknown>> {
  const ids = pairs.map(({ id }) => id);
  const workspaceIds = pairs.flatMap(({ id, sandboxId }) => [id, sandboxId]);
  const tables: SQLiteTable[] = Object.values(schema).filter((table) => is(table, SQLiteTable));
  const columns = tables.flatMap((table) => {
    const { workspaceId } = getTableColumns(table);
    return workspaceId ? [{ column: workspaceId, among: workspaceIds }] : [];
  });
  const ofPairs = [organisations.id, members.organisationId, invitations.organisationId, schema.workspaces.pairId];
  const all = [...columns, ...ofPairs.map((column) => ({ column, among: ids }))];
  const rows = all.map(async ({ column, among }) => {
    const { table } = column;
    return [getTableName(table), await directory.select().from(table).where(inArray(column, among))];
  });
  return Object.fromEntries(await Promise.all(rows));
}
