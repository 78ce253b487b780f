import { type ProfileContent, upsertProfile } from '../../../src/db/business-profiles.ts';
import { auditOf } from '../../../src/domain/context.ts';
import { contextOf, type TestWorkspace } from './workspace.ts';

/** Writes the profile of a workspace without a request. */
export async function writeProfile({ workspace }: TestWorkspace, content: Partial<ProfileContent>): Promise<void> {
  const context = await contextOf(workspace);
  const audit = auditOf(context, 'profile.update', workspace.id);
  await upsertProfile(context.database, workspace.id, content, audit);
}
