import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { newFormId } from '../../../src/core/ids.ts';
import { apiKeys } from '../../../src/db/schema.ts';
import { members } from '../../../src/db/team-schema.ts';
import { TestApp } from '../support/app.ts';
import { directory, newMember, newOrganisation } from '../support/team.ts';

const app = new TestApp();

describe('a form that is still on its way', () => {
  it.each([
    ['the member is removed', 404],
    ['the session is ended', 303],
    ['nothing', 200],
  ] as const)('is judged when it has arrived: meanwhile %s', async (_meanwhile, status) => {
    const organisation = await newOrganisation();
    const admin = await newMember(app, organisation, 'admin');
    const path = `/app/live/${organisation.id}/developers/keys`;
    const scope = 'service.payments.links.read';
    const fields = { form: newFormId(), name: 'Shop server', access: 'some', scope, rate: '120' };
    const isMember = and(eq(members.organisationId, organisation.id), eq(members.personId, admin.id));
    const answer = await admin.browser.postLate(path, fields, async () => {
      if (status === 404) await directory.delete(members).where(isMember);
      if (status === 303) await admin.browser.in(app).post('/app/sign-out');
    });
    expect(answer.status).toBe(status);
    const keys = await directory.select().from(apiKeys).where(eq(apiKeys.workspaceId, organisation.id));
    expect(keys).toHaveLength(status === 200 ? 1 : 0);
  });
});
