import { expect } from 'vitest';
import * as z from 'zod';
import { type ProfileContent, upsertProfile } from '../../../src/db/business-profiles.ts';
import { auditOf } from '../../../src/domain/context.ts';
import { expectError, rowsOf } from './api.ts';
import { call, contextOf, type TestWorkspace } from './workspace.ts';

/** Writes the profile of a workspace without a request. */
export async function writeProfile({ workspace }: TestWorkspace, content: Partial<ProfileContent>): Promise<void> {
  const context = await contextOf(workspace);
  const audit = auditOf(context, 'profile.update', workspace.id);
  await upsertProfile(context.database, workspace.id, content, audit);
}

const text = z.string().nullable();
const profileAnswer = z.strictObject({
  data: z.strictObject({
    display_name: z.string(),
    logo_url: text,
    support_email: text,
    support_phone: text,
    website: text,
    terms_url: text,
    privacy_url: text,
    refund_policy_url: text,
    brand_color: text,
    updated_at: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      .nullable(),
  }),
});
type ProfileAnswer = z.output<typeof profileAnswer>['data'];

/** The profile of an answer, after its status was found to be 200. */
export async function expectProfile(response: Response): Promise<ProfileAnswer> {
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return profileAnswer.parse(JSON.parse(body)).data;
}

export async function readProfile(shop: TestWorkspace): Promise<ProfileAnswer> {
  return await expectProfile(await call(shop.key, 'GET', '/profile'));
}

export async function patchProfile(shop: TestWorkspace, body: unknown, headers: Record<string, string> = {}) {
  return await call(shop.key, 'PATCH', '/profile', body, headers);
}

export async function putLogo(shop: TestWorkspace, body: unknown, headers: Record<string, string> = {}) {
  return await call(shop.key, 'PUT', '/profile/logo', body, headers);
}

/** What is stored of the profile of a workspace, and what the audit log says of it. */
export async function storedProfile({ workspace: { id } }: TestWorkspace) {
  const audit = await rowsOf('audit_log', id);
  return {
    profiles: await rowsOf('business_profiles', id),
    logos: await rowsOf('profile_logos', id),
    actions: audit.map(({ action }) => String(action)).filter((action) => action.startsWith('profile.')),
  };
}

/** Refused with this status and code, and nothing is written. Answers the error. */
export async function expectUnchanged(
  shop: TestWorkspace,
  request: () => Promise<Response>,
  status: number,
  code: string,
) {
  const before = await storedProfile(shop);
  const error = await expectError(await request(), status, code);
  expect(await storedProfile(shop)).toEqual(before);
  return error;
}
