import { readDatabaseSize } from '../../src/db/database-size.ts';
import type { Command } from './command.ts';
import { titledTable } from './present.ts';
import { askAll } from './shards.ts';

/** How large a D1 database can get, in bytes. Cloudflare does not raise this limit. */
const MOST_BYTES = 10_000_000_000;

export const databaseCommands: readonly Command[] = [
  {
    words: 'database list',
    parameters: [],
    options: [],
    summary: 'Shows the size of each database, and how many workspaces it has.',
    details:
      'A D1 database can have 10 GB. `workspace create` uses the smallest one. docs/operating.md explains how to add ' +
      'another.',
    example: '',
    run: async (tools) => {
      const { answers, failures } = await askAll(tools, ({ database }) => readDatabaseSize(database));
      const rows = answers.map(({ shard: { shard, binding }, value: { bytes, workspaces } }) => {
        const percent = Math.round((bytes / MOST_BYTES) * 1000) / 10;
        return { shard, binding, bytes, percent_of_limit: percent, workspaces };
      });
      const text = titledTable(rows, [
        ['shard', ({ shard }) => shard],
        ['binding', ({ binding }) => binding],
        ['size', ({ bytes }) => `${(bytes / 1_000_000).toFixed(1)} MB`],
        ['of 10 GB', (row) => `${row.percent_of_limit} %`],
        ['workspaces', ({ workspaces }) => String(workspaces)],
      ]);
      return { json: rows, text, failures };
    },
  },
];
