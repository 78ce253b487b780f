import { accountCommands } from './account-commands.ts';
import { buyerCommands } from './buyer-commands.ts';
import type { Command } from './command.ts';
import { databaseCommands } from './database-commands.ts';
import { keyCommands } from './key-commands.ts';
import { listCommands } from './list-commands.ts';
import { memberCommands } from './member-commands.ts';
import { onboardingCommands } from './onboarding-commands.ts';
import { profileCommands } from './profile-commands.ts';
import { quarantineCommands } from './quarantine-commands.ts';
import { secretsCommands } from './secrets-commands.ts';
import { showCommands } from './show-commands.ts';
import { workerCommands } from './worker-commands.ts';
import { workspaceCommands } from './workspace-commands.ts';

/** Every command. The help and the parser read this table. */
export const COMMANDS: readonly Command[] = [
  ...workspaceCommands,
  ...memberCommands,
  ...onboardingCommands,
  ...accountCommands,
  ...profileCommands,
  ...keyCommands,
  ...listCommands,
  ...showCommands,
  ...buyerCommands,
  ...workerCommands,
  ...databaseCommands,
  ...quarantineCommands,
  ...secretsCommands,
];
