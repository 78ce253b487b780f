import { readEmail } from '../../src/core/email.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { type Role, readRole } from '../../src/core/rights.ts';
import { findInvitationOf, type Invitation, listInvitations } from '../../src/db/invitations.ts';
import { findMemberByEmail, listMembers } from '../../src/db/members.ts';
import { readOrganisation } from '../../src/db/organisations.ts';
import { invite } from '../../src/domain/members/invite.ts';
import { inviteToSignUp } from '../../src/domain/members/invite-to-sign-up.ts';
import { removeMember } from '../../src/domain/members/remove-member.ts';
import { revokeInvitation } from '../../src/domain/members/revoke-invitation.ts';
import { TEAM_LIMITS } from '../../src/domain/members/team.ts';
import { adoptPair } from '../../src/domain/workspaces/adopt-pair.ts';
import { readPair } from '../../src/domain/workspaces/queries.ts';
import { ScriptError } from '../local/script-error.ts';
import { type Command, type CommandAnswer, type CommandInput, parameter, type Tools, usageError } from './command.ts';
import { titledTable } from './present.ts';
import { shardOfPair, workspaceContext } from './shards.ts';

const EXAMPLE_ID = '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10';

function emailOf({ options }: CommandInput): string {
  const email = readEmail(options.email?.trim() ?? '');
  if (email === null) throw usageError('--email must be an e-mail address, such as name@example.com.');
  return email.toLowerCase();
}

function roleOf({ options }: CommandInput): Role {
  const role = readRole(options.role ?? 'owner');
  if (role === null) throw usageError('--role must be viewer, developer, admin or owner.');
  return role;
}

async function inviteMember(tools: Tools, input: CommandInput): Promise<CommandAnswer> {
  const [id] = input.positionals;
  const [email, role] = [emailOf(input), roleOf(input)];
  if (id === undefined) return await inviteNewcomer(tools, email, role);
  const shard = await shardOfPair(tools, id);
  const team = { organisation: await adoptPair(shard.context, id), reach: 'owner' } as const;
  const context = await workspaceContext(tools, team.organisation.id);
  const invited = await invite(context, team, { email, role });
  switch (invited.outcome) {
    case 'invited':
    case 'repeated':
      return await invitedAnswer(tools, invited.invitation, `to ${team.organisation.name} as ${role}`);
    case 'already_member':
      throw new ScriptError(`${email} is in this workspace already, as ${invited.role}.`);
    case 'too_many_members':
      throw new ScriptError(
        `This workspace has ${TEAM_LIMITS.members} people, which is the most. Remove somebody first.`,
      );
    case 'too_many_invitations':
      throw new ScriptError(
        `${TEAM_LIMITS.invitations} invitations to this workspace are open, which is the most. Remove one first.`,
      );
    case 'above_reach':
    case 'changed_meanwhile':
      throw new ScriptError('The team was changed at the same time. Look at `member list`, and try again.');
  }
}

async function inviteNewcomer(tools: Tools, email: string, role: Role): Promise<CommandAnswer> {
  if (role !== 'owner') throw usageError('Without a workspace, --role can only be owner: of the one that they make.');
  const [first] = tools.shards;
  if (!first) throw new ScriptError('No database is open.', { code: 'no_database' });
  return await invitedAnswer(tools, await inviteToSignUp(first.context, email), 'to make a workspace');
}

async function invitedAnswer({ place, style }: Tools, invitation: Invitation, what: string): Promise<CommandAnswer> {
  const { id, organisationId, email, role } = invitation;
  const appUrl = await place.appUrl();
  const expiresAt = toRfc3339(invitation.expiresAt);
  const address = appUrl ?? 'the merchant app (it has no APP_URL yet: see docs/operating.md)';
  return {
    json: { id, workspace_id: organisationId, email, role, expires_at: expiresAt, app_url: appUrl },
    text: [
      `${style.good('✓')} Invited ${style.bold(email)} ${what}, until ${expiresAt}`,
      'No mail was sent. Tell them:',
      `  Open ${address} and sign in as ${email}. A code comes by e-mail, and the app shows the rest.`,
    ].join('\n'),
  };
}

/** The context of a pair's live workspace, and the id and the name of it. */
async function liveOf(tools: Tools, workspaceId: string) {
  const pair = await readPair((await shardOfPair(tools, workspaceId)).context, workspaceId);
  const { id, name } = pair.find(({ mode }) => mode === 'live') ?? pair[0];
  return { context: await workspaceContext(tools, id), id, name };
}

async function listTeam(tools: Tools, input: CommandInput): Promise<CommandAnswer> {
  const { context, id } = await liveOf(tools, parameter(input, 0));
  const [people, invited] = await Promise.all([
    listMembers(context.directory, id),
    listInvitations(context.directory, id, context.now()),
  ]);
  const rows = [
    ...people.map(({ email, role, createdAt }) => ({ email, role, is: 'member', time: toRfc3339(createdAt) })),
    ...invited.map(({ email, role, expiresAt }) => ({ email, role, is: 'invited', time: toRfc3339(expiresAt) })),
  ];
  const table = titledTable(rows, [
    ['e-mail', ({ email }) => email],
    ['role', ({ role }) => role],
    ['is', ({ is }) => is],
    ['since, or until', ({ time }) => time],
  ]);
  return {
    json: {
      members: people.map(({ personId, email, role, createdAt }) => {
        return { person_id: personId, email, role, created_at: toRfc3339(createdAt) };
      }),
      invitations: invited.map(({ id: invitationId, email, role, expiresAt }) => {
        return { id: invitationId, email, role, expires_at: toRfc3339(expiresAt) };
      }),
    },
    text: table || 'Nobody is in this workspace. Invite its owner with `member invite`.',
  };
}

async function removeFromTeam(tools: Tools, input: CommandInput): Promise<CommandAnswer> {
  const { context, id, name } = await liveOf(tools, parameter(input, 0));
  const email = emailOf(input);
  const [member, invitation, organisation] = await Promise.all([
    findMemberByEmail(context.directory, id, email),
    findInvitationOf(context.directory, id, email),
    readOrganisation(context.directory, id),
  ]);
  const team = organisation && ({ organisation, reach: 'owner' } as const);
  const revoked = team && invitation && (await revokeInvitation(context, team, invitation.id));
  const removed = team && member && (await removeMember(context, team, member.personId));
  if (removed && removed.outcome === 'last_owner') {
    const next = `Invite another one first: member invite ${id} --email <address>. To stop the workspace: workspace suspend.`;
    throw new ScriptError(`${email} is the last owner of ${name}. ${next}`);
  }
  if ([revoked, removed].some((result) => result && result.outcome !== 'done')) {
    throw new ScriptError('The team was changed at the same time. Look at `member list`, and try again.');
  }
  const [wasMember, wasInvited] = [member !== null, invitation !== null];
  const done = wasMember ? `${email} is removed from ${name}` : `The invitation of ${email} to ${name} is withdrawn`;
  return {
    json: { workspace_id: id, email, was_member: wasMember, was_invited: wasInvited },
    text: wasMember || wasInvited ? `${tools.style.good('✓')} ${done}` : `${email} is not in ${name}, and not invited`,
  };
}

export const memberCommands: readonly Command[] = [
  {
    words: 'member invite',
    parameters: ['[<workspace-id>]'],
    options: ['email', 'role'],
    required: ['email'],
    summary: 'Invites a person to a workspace, or to make one.',
    details:
      'Without a workspace, the person can sign up and make one, as its owner. An invitation is open for 7 days. No mail is ' +
      'sent: the answer says what to tell the person.',
    example: '--email mara@harbour.example',
    run: inviteMember,
  },
  {
    words: 'member list',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Lists the people of a workspace and who is invited.',
    example: EXAMPLE_ID,
    run: listTeam,
  },
  {
    words: 'member remove',
    parameters: ['<workspace-id>'],
    options: ['email'],
    required: ['email'],
    summary: 'Takes a person out of a workspace, or withdraws an invitation.',
    details: 'At once: the next request is refused. The last owner stays. Keys that the person has made keep working.',
    example: `${EXAMPLE_ID} --email mara@harbour.example`,
    run: removeFromTeam,
  },
];
