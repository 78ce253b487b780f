import { countSealed, type SealedCount } from '../../src/db/sealed-secrets.ts';
import type { Command } from './command.ts';
import { counted, titledTable } from './present.ts';
import { askAll } from './shards.ts';

/** The counts of all databases, by version. `more`: counting stopped in one of them. */
function sumByVersion(counts: readonly SealedCount[]): SealedCount[] {
  return [...Map.groupBy(counts, ({ version }) => version)].map(([version, same]) => ({
    version,
    count: same.reduce((sum, { count }) => sum + count, 0),
    more: same.some(({ more }) => more),
  }));
}

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
    run: async (tools) => {
      const { style } = tools;
      const { answers, failures } = await askAll(tools, ({ database, now }) => countSealed(database, now()));
      const versions = sumByVersion(answers.flatMap(({ value }) => value));
      const lines = titledTable(versions, [
        ['version', ({ version }) => version],
        ['secrets', ({ count, more }) => `${count}${more ? '+' : ''}`],
      ]);
      const done = `${style.good('✓')} All secrets are encrypted under one version.`;
      const unread = failures.length > 0 ? 'Not all databases have answered.' : done;
      const verdict =
        versions.length < 2 ? unread : `${counted(versions.length, 'version')} in use: the rotation goes on.`;
      return {
        json: versions.map(({ version, count, more }) => ({ version, secrets: count, more })),
        text: versions.length === 0 ? 'No webhook secrets are stored.' : `${lines}\n${verdict}`,
        failures,
      };
    },
  },
];
