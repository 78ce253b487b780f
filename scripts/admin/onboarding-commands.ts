import { renderUnicodeCompact } from 'uqr';
import * as z from 'zod';
import { accountSchema, dashboardLinkSchema, onboardingLinkSchema } from '../../src/http/api/account/responses.ts';
import { ScriptError } from '../local/script-error.ts';
import type { Style } from '../local/style.ts';
import { accountStatus } from './account-text.ts';
import { askWorker, pathOfWorkspace } from './ask-worker.ts';
import { type Command, type CommandAnswer, type CommandInput, parameter } from './command.ts';
import type { Place } from './place.ts';
import { withCommands } from './with-commands.ts';
import { OPERATOR_TOKEN } from './worker-commands.ts';

const WORKSPACE = '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10';
const onboardingAnswer = z.union([onboardingLinkSchema(), accountSchema()]);

/** Asks the Worker for something about the account of the workspace that the command names. */
async function askAbout(place: Place, input: CommandInput, what: string, body: object = {}): Promise<unknown> {
  try {
    return (await askWorker(place, pathOfWorkspace(parameter(input, 0), `account/${what}`), body)).data;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ScriptError(withCommands(error.message), { code: error.code, cause: error });
  }
}

async function onboard(place: Place, style: Style, input: CommandInput): Promise<CommandAnswer> {
  const { country, email, 'start-over': startOver } = input.options;
  const body = { country, email, start_over: startOver };
  const json = onboardingAnswer.parse(await askAbout(place, input, 'onboarding-links', body));
  if ('state' in json)
    return { json, text: `${style.good('✓')} The account is connected again.\n${accountStatus(json)}` };
  const { url, expires_at: expiresAt } = json;
  const code = renderUnicodeCompact(url, { border: 2 }).split('\n').map(style.lightOnDark).join('\n');
  const text = [
    ...(startOver ? ['A new account took the place of the old one. What was entered there is not carried over.'] : []),
    `${style.good('✓')} The merchant goes on at Stripe, in a browser:`,
    style.link(url),
    code,
    [
      `The link works once, and for ten minutes: until ${expiresAt.slice(11, 16)} UTC. Whoever opens it acts as the merchant.`,
      'Give it to the merchant in person, or open it together. Do not mail it: programs that check mails open links.',
      `For another link, run the command again${startOver ? ', without --start-over' : ''}.`,
    ].join('\n'),
    `How it stands: npm run admin -- account status ${parameter(input, 0)}`,
  ];
  return { json, text: text.join('\n\n') };
}

export const onboardingCommands: readonly Command[] = [
  {
    words: 'account onboard',
    parameters: ['<workspace-id>'],
    options: ['country', 'email', 'start-over'],
    summary: "Starts Stripe's onboarding of a workspace, or goes on with it, with a link for the merchant.",
    details:
      'Without an account, one is made: that needs --country and --email. The link is also shown as a QR code. It works ' +
      'once and for ten minutes. A disconnected account is connected again. A finished one is refused. ' +
      OPERATOR_TOKEN,
    example: `${WORKSPACE} --country GB --email owner@shop.example`,
    ask: ({ place, style }, input) => onboard(place, style, input),
  },
  {
    words: 'account status',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Asks Stripe how the account of a workspace stands: what is owed, by when, and who acts.',
    details: OPERATOR_TOKEN,
    example: WORKSPACE,
    ask: async ({ place }, input) => {
      const json = accountSchema().parse(await askAbout(place, input, 'read'));
      return { json, text: accountStatus(json) };
    },
  },
  {
    words: 'account dashboard',
    parameters: ['<workspace-id>'],
    options: [],
    summary: "Makes a link to the account's dashboard at Stripe.",
    details: `An Express dashboard opens once with the link, without a password. ${OPERATOR_TOKEN}`,
    example: WORKSPACE,
    ask: async ({ place, style }, input) => {
      const json = dashboardLinkSchema().parse(await askAbout(place, input, 'dashboard-links'));
      const advice = 'Open it now. It may sign in whoever opens it, once: do not mail it.';
      return { json, text: `${style.link(json.url)}\n${advice}` };
    },
  },
  {
    words: 'account disconnect',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Stops new payments through the Stripe account of a workspace.',
    details:
      'Refunds and disputes of its payments are still taken from Stripe. Open sessions can still be paid until they ' +
      `end. \`account onboard\` connects the account again. ${OPERATOR_TOKEN}`,
    example: WORKSPACE,
    ask: async ({ place, style }, input) => {
      const json = accountSchema().parse(await askAbout(place, input, 'disconnect'));
      const done = 'No new payments. Pages that are open can still be paid until they end.';
      return { json, text: `${style.good('✓')} ${done}\n${accountStatus(json)}` };
    },
  },
];
