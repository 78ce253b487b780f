import { countSealed } from '../../src/db/sealed-secrets.ts';
import type { Command } from './command.ts';
import { counted, titledTable } from './present.ts';

export const secretsCommands: readonly Command[] = [
  {
    words: 'secrets status',
    parameters: [],
    options: [],
    summary: 'Counts the stored webhook secrets by the version of SECRETS_KEY that encrypts them.',
    details:
      'After a rotation the cron of the Worker encrypts them again under the new version, 300 endpoints a minute. When ' +
      'only the new version is left, wait 24 hours. Then the old version may be removed from SECRETS_KEY.',
    example: '',
    run: async ({ context, style }) => {
      const versions = await countSealed(context.database, context.now());
      const lines = titledTable(versions, [
        ['version', ({ version }) => version],
        ['secrets', ({ count, more }) => `${count}${more ? '+' : ''}`],
      ]);
      const done = `${style.good('✓')} All secrets are encrypted under one version.`;
      const verdict =
        versions.length < 2 ? done : `${counted(versions.length, 'version')} in use: the rotation goes on.`;
      return {
        json: versions.map(({ version, count, more }) => ({ version, secrets: count, more })),
        text: versions.length === 0 ? 'No webhook secrets are stored.' : `${lines}\n${verdict}`,
      };
    },
  },
];
