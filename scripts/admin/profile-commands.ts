import { findProfile } from '../../src/db/business-profiles.ts';
import { clearProfile } from '../../src/domain/profile/change-profile.ts';
import { copyProfile } from '../../src/domain/profile/copy-profile.ts';
import { presentProfile } from '../../src/http/api/profile/responses.ts';
import { type Command, type CommandAnswer, parameter, type Tools } from './command.ts';
import { shardOfPair, workspaceContext } from './shards.ts';

/** The profile of a workspace, as the API shows it. */
async function shownProfile(tools: Tools, workspaceId: string) {
  const context = await workspaceContext(tools, workspaceId);
  return presentProfile(context, await findProfile(context.database, workspaceId));
}

export const profileCommands: readonly Command[] = [
  {
    words: 'profile show',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Shows the business profile of a workspace: what its buyers see of it.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: async (tools, input) => {
      const profile = await shownProfile(tools, parameter(input, 0));
      return { json: profile, text: JSON.stringify(profile, null, 2) };
    },
  },
  {
    words: 'profile copy',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Replaces the profile of a live workspace, with its logo, by that of its sandbox workspace.',
    details: 'The id may be that of either workspace. A sandbox profile in which nothing was ever set is not copied.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: async (tools, input): Promise<CommandAnswer> => {
      const id = parameter(input, 0);
      const { context } = await shardOfPair(tools, id);
      const live = await copyProfile(context, id);
      const profile = await shownProfile(tools, live.id);
      const { good, bold } = tools.style;
      return {
        json: { workspace_id: live.id, profile },
        text: `${good('✓')} ${bold(profile.display_name)} is now the live profile, of workspace ${live.id}`,
      };
    },
  },
  {
    words: 'profile clear',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Clears the whole profile of one workspace, with its logo.',
    details:
      'Buyers see the name of the workspace again. Its keys can set the profile anew: to prevent that, suspend the ' +
      'workspace. Browsers that have loaded the logo may keep it.',
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    run: async (tools, input): Promise<CommandAnswer> => {
      const id = parameter(input, 0);
      await clearProfile(await workspaceContext(tools, id));
      return {
        json: { workspace_id: id, profile: await shownProfile(tools, id) },
        text: `${tools.style.good('✓')} Cleared the profile of workspace ${id}`,
      };
    },
  },
];
