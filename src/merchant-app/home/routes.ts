import { Hono } from 'hono';
import { wasTakenAway } from '../../core/account-state.ts';
import { listPayments } from '../../db/payment-lists.ts';
import { readAttention } from '../../domain/workspaces/attention.ts';
import { allowedTo, mayHere, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { clockOf } from '../time.ts';
import { homePage } from './home-page.tsx';
import { readKeptTotals } from './kept-totals.ts';
import { stepsDone } from './steps.ts';

const LATEST = 5;
const ALL = {
  status: null,
  id: null,
  paymentLink: null,
  reference: null,
  customerEmail: null,
  after: null,
  before: null,
} as const;

/** The first screen of a workspace. */
export const homeRoutes = new Hono<WorkspaceEnv>().get(`${WORKSPACE_PATH}/home`, allowedTo('read'), async (c) => {
  const { context, config } = c.var;
  const clock = clockOf(c);
  const owner = { workspaceId: context.workspace.id, shard: context.shard };
  const [attention, totals, { items: latest }] = await Promise.all([
    readAttention(context),
    readKeptTotals(c, clock),
    listPayments(context.database, owner, ALL, { limit: LATEST, offset: 0, before: null }),
  ]);
  const wanted = c.req.query('currency')?.toUpperCase();
  const view = {
    shell: shellOf(c),
    clock,
    publicUrl: config.service.publicUrl,
    attention,
    isTakenAway: wasTakenAway(context.account),
    done: stepsDone(attention),
    totals,
    charted: totals.find(({ currency }) => currency === wanted) ?? totals[0] ?? null,
    latest,
    mayMakeLinks: mayHere(c, 'links.write'),
  };
  return c.html(homePage(view));
});
