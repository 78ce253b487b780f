import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { findQuarantined, listQuarantined } from '../../src/db/stripe-events.ts';
import { requestReapply } from '../../src/domain/stripe-events/reapply.ts';
import { type Command, parameter, type Tools } from './command.ts';
import { quarantinedJson, table } from './present.ts';
import { askAll, findInAll } from './shards.ts';

const LISTED = 1000;

interface Listed {
  readonly shard: string;
  readonly row: Awaited<ReturnType<typeof listQuarantined>>[number];
}

function listText(listed: readonly Listed[], { shards, style }: Tools): string {
  if (listed.length === 0) return `${style.good('✓')} Nothing is quarantined.`;
  return table(
    listed.map(({ shard, row }) => [
      ...(shards.length > 1 ? [`shard ${shard}`] : []),
      row.id,
      row.reason,
      row.stripeAccountId,
      row.type,
      `${toRfc3339(row.receivedAt)}${row.releasedAt === null ? '' : ' (released)'}`,
    ]),
  );
}

/** The quarantined event with this id, in the database that has it. Throws `not_found`. */
async function findEvent(tools: Tools, id: string) {
  const missing = `No quarantined Stripe event has the id ${id}. See \`quarantine list\`.`;
  return await findInAll(tools, ({ database }) => findQuarantined(database, id), missing);
}

/** The body as JSON, or as text if it is not JSON. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const quarantineCommands: readonly Command[] = [
  {
    words: 'quarantine list',
    parameters: [],
    options: [],
    summary: 'Lists the Stripe events that carry our metadata and could not be applied.',
    details: `The newest are first, at most ${LISTED} of each database. They are kept for 30 days.`,
    example: '',
    run: async (tools) => {
      const { answers, failures } = await askAll(tools, ({ database }) => listQuarantined(database, LISTED));
      const listed = answers
        .flatMap(({ shard: { shard }, value }) => value.map((row) => ({ shard, row })))
        .toSorted((left, right) => right.row.receivedAt - left.row.receivedAt);
      const json = listed.map(({ shard, row }) => ({ ...quarantinedJson(row), shard }));
      return { json, text: listText(listed, tools), failures };
    },
  },
  {
    words: 'quarantine show',
    parameters: ['<id>'],
    options: [],
    summary: 'Shows a quarantined Stripe event as Stripe sent it.',
    details: "It can contain a buyer's data.",
    example: 'evt_1Pq8Zb2eZvKYlo2C',
    run: async (tools, input) => {
      const { shard, value: row } = await findEvent(tools, parameter(input, 0));
      const json = { ...quarantinedJson(row), shard: shard.shard, body: bodyOf(row.body) };
      return { json, text: JSON.stringify(json, null, 2) };
    },
  },
  {
    words: 'quarantine release',
    parameters: ['<id>'],
    options: [],
    summary: 'Has the cron apply a quarantined Stripe event again, by the same rules, within a minute.',
    details:
      'First correct what the reason names. If the event still cannot be applied, it is quarantined again with the new reason.',
    example: 'evt_1Pq8Zb2eZvKYlo2C',
    run: async (tools, input) => {
      const id = parameter(input, 0);
      const { shard } = await findEvent(tools, id);
      const row = await requestReapply(shard.context, id);
      return {
        json: { id: row.id, account: row.stripeAccountId, type: row.type, reason: row.reason },
        text: `${tools.style.good('✓')} Released ${row.id}. It is applied again within a minute`,
      };
    },
  },
];
