import { ApiError } from '../../src/core/errors.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { findQuarantined, listQuarantined } from '../../src/db/stripe-events.ts';
import { requestReapply } from '../../src/domain/stripe-events/reapply.ts';
import type { Style } from '../local/style.ts';
import { type Command, parameter } from './command.ts';
import { quarantinedJson, table } from './present.ts';

const LISTED = 1000;

type Listed = Awaited<ReturnType<typeof listQuarantined>>;

function listText(listed: Listed, style: Style): string {
  if (listed.length === 0) return `${style.good('✓')} Nothing is quarantined.`;
  return table(
    listed.map((row) => [
      row.id,
      row.reason,
      row.stripeAccountId,
      row.type,
      `${toRfc3339(row.receivedAt)}${row.releasedAt === null ? '' : ' (released)'}`,
    ]),
  );
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
    details: 'The newest are first. They are kept for 30 days.',
    example: '',
    run: async ({ context, style }) => {
      const listed = await listQuarantined(context.database, LISTED);
      return { json: listed.map(quarantinedJson), text: listText(listed, style) };
    },
  },
  {
    words: 'quarantine show',
    parameters: ['<id>'],
    options: [],
    summary: 'Shows a quarantined Stripe event as Stripe sent it.',
    details: "It can contain a buyer's data.",
    example: 'evt_1Pq8Zb2eZvKYlo2C',
    run: async ({ context }, input) => {
      const id = parameter(input, 0);
      const row = await findQuarantined(context.database, id);
      if (!row)
        throw new ApiError('not_found', `No quarantined Stripe event has the id ${id}. See \`quarantine list\`.`);
      const json = { ...quarantinedJson(row), body: bodyOf(row.body) };
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
    run: async ({ context, style }, input) => {
      const row = await requestReapply(context, parameter(input, 0));
      return {
        json: { id: row.id, account: row.stripeAccountId, type: row.type, reason: row.reason },
        text: `${style.good('✓')} Released ${row.id}. It is applied again within a minute`,
      };
    },
  },
];
