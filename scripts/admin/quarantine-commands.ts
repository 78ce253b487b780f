import { ApiError } from '../../src/core/errors.ts';
import { toRfc3339 } from '../../src/core/rfc3339.ts';
import { findQuarantined, listQuarantined } from '../../src/db/stripe-events.ts';
import { requestReapply } from '../../src/domain/stripe-events/reapply.ts';
import type { Style } from '../local/style.ts';
import { type Command, parameter } from './command.ts';
import { quarantinedJson } from './present.ts';
import { table } from './table.ts';

const LISTED = 1000;

type Listed = Awaited<ReturnType<typeof listQuarantined>>;

function listText(listed: Listed, style: Style): string {
  if (listed.length === 0) return `${style.good('✓')} Nothing is set aside.`;
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

/** The body as Stripe wrote it, indented where it is JSON. */
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
    optionsUsage: '',
    summary: 'Stripe events that claim to be ours and do not fit, newest first. They are kept for 30 days.',
    run: async (context, _input, style) => {
      const listed = await listQuarantined(context.database, LISTED);
      return { json: listed.map(quarantinedJson), text: listText(listed, style) };
    },
  },
  {
    words: 'quarantine show',
    parameters: ['<id>'],
    options: [],
    optionsUsage: '',
    summary: "One of them as Stripe wrote it. It may hold a buyer's data.",
    run: async (context, input) => {
      const id = parameter(input, 0);
      const row = await findQuarantined(context.database, id);
      if (!row)
        throw new ApiError('not_found', `Nothing that was set aside has the id ${id}. See \`quarantine list\`.`);
      const json = { ...quarantinedJson(row), body: bodyOf(row.body) };
      return { json, text: JSON.stringify(json, null, 2) };
    },
  },
  {
    words: 'quarantine release',
    parameters: ['<id>'],
    options: [],
    optionsUsage: '',
    summary:
      'Has one applied again, by the same rules, within a minute: first mend what made it not fit. Where it still does ' +
      'not, it is set aside again with the reason of now.',
    run: async (context, input, style) => {
      const row = await requestReapply(context, parameter(input, 0));
      return {
        json: { id: row.id, account: row.stripeAccountId, type: row.type, reason: row.reason },
        text: `${style.good('✓')} Released ${row.id}: it is applied again within a minute`,
      };
    },
  },
];
