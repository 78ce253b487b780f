import { operationIdOfForm, type PairIds, pairIdsOf } from '../../core/derive.ts';
import { DEFAULT_SHARD } from '../../core/ids.ts';
import type { Database } from '../../db/client.ts';
import type { Organisation } from '../../db/members.ts';
import { insertOrganisation, type NotAllowed, readMaker, type StoredOrganisation } from '../../db/organisations.ts';
import { inShard, type PlatformContext } from '../context.ts';
import type { Person, Unfinished } from '../members/authorise.ts';
import { mayMakeWorkspace } from '../sign-in/limits.ts';
import { createPair } from './create-pair.ts';
import { readWorkspaceName } from './name.ts';
import { smallestShard } from './smallest-shard.ts';

/** In how many workspaces a person may be to make another one. */
export const MOST_WORKSPACES = 20;

/** Who wants to make a workspace. `needsInvitation`: only people whom an operator has invited to do so may. */
export interface Maker {
  readonly person: Pick<Person, 'id' | 'email'>;
  readonly needsInvitation: boolean;
}

/** The form of a new workspace. `id`: the random id that the page gave the form. */
export interface WorkspaceForm {
  readonly id: string;
  readonly name: string;
}

/** What became of the form. `no_member`: it has made a workspace before, in which the person is not any more. */
export type Made =
  | { readonly outcome: 'made'; readonly organisation: Organisation }
  | { readonly outcome: 'bad_name' | 'too_often' | 'no_member' | NotAllowed };

/**
 * Makes a workspace pair of which the person is the owner: first the organisation in the first shard, then the two
 * workspaces in the smallest database. The same form of the same person always makes the same pair, with the name that it was
 * first sent with, and completes what was interrupted. Throws where a database fails.
 */
export async function makeWorkspace(
  platform: PlatformContext,
  { person, needsInvitation }: Maker,
  form: WorkspaceForm,
): Promise<Made> {
  const { directory } = platform;
  const { name, fault } = readWorkspaceName(form.name);
  if (fault !== null) return { outcome: 'bad_name' };
  if (!(await mayMakeWorkspace(directory, person.id, platform.now()))) return { outcome: 'too_often' };
  const ids = await idsOf(person.id, form.id);
  const organisation = { ...ids, name, shard: await smallestShard(platform), createdAt: platform.now() };
  const who = { personId: person.id, email: person.email, needsInvitation, most: MOST_WORKSPACES };
  const stored = await insertOrganisation(directory, { organisation, ...who });
  if (typeof stored === 'string') return { outcome: stored };
  if (stored.role === null) return { outcome: 'no_member' };
  await makePair(platform, stored.organisation);
  return { outcome: 'made', organisation: stored.organisation };
}

/** Makes the two workspaces of an organisation, where that was interrupted, for a person who may. Can be repeated. */
export async function finishWorkspace({ platform, membership }: Unfinished): Promise<void> {
  await makePair(platform, membership.organisation);
}

async function makePair(platform: PlatformContext, organisation: Organisation): Promise<void> {
  await createPair(inShard(platform, organisation.shard), organisation, organisation.name);
}

/** Whether the form of a new workspace can be shown, or what it has made, with the person's role there. */
export type FormState =
  | { readonly outcome: 'can_make' | NotAllowed }
  | { readonly outcome: 'made'; readonly organisation: Organisation; readonly role: StoredOrganisation['role'] };

/** What a form of a new workspace has made, or whether the person may make one. One round trip. */
export async function readFormState(
  directory: Database,
  { person, needsInvitation }: Maker,
  form: { readonly id: string; readonly now: number },
): Promise<FormState> {
  const { id } = await idsOf(person.id, form.id);
  const who = { id, personId: person.id, email: person.email, now: form.now };
  const { stored, memberships, isInvited } = await readMaker(directory, who);
  if (stored) return { outcome: 'made', ...stored };
  if (memberships >= MOST_WORKSPACES) return { outcome: 'too_many' };
  return { outcome: needsInvitation && !isInvited ? 'not_invited' : 'can_make' };
}

/** The person's id is part of it: a form makes nothing in the name of another person. */
async function idsOf(personId: string, formId: string): Promise<PairIds> {
  return await pairIdsOf(await operationIdOfForm(DEFAULT_SHARD, formId, ['workspace', personId]));
}
