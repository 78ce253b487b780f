import { type Context, Hono } from 'hono';
import * as z from 'zod/mini';
import { ApiError } from '../../core/errors.ts';
import { describeError, logLine } from '../../core/log.ts';
import { returnTokens } from '../../core/return-token.ts';
import { databaseOf } from '../../db/client.ts';
import { findWorkspace, type Workspace } from '../../db/workspaces.ts';
import { readReturnedAccount } from '../../domain/accounts/returned-account.ts';
import { inWorkspace } from '../../domain/context.ts';
import { makeContext } from '../../make-context.ts';
import type { PageHeadersEnv } from '../middleware/security-headers.ts';
import { pageInput } from '../middleware/validate.ts';
import { asApiError } from '../respond-error.ts';
import { connectPage } from './page.tsx';
import { LINK_EXPIRED, type ShownState, shownState, UNAVAILABLE, UNKNOWN } from './texts.ts';

/** For how long (s) a page looks again by itself. */
const LOOKS_AGAIN_FOR = 60;

/** `t`: a token of `returnTokens`. `until`: until when the page looks again by itself, unix seconds. */
const returnQuery = z.object({
  t: z.string(),
  until: z.optional(
    z.pipe(
      z.string().check(z.regex(/^\d{1,12}$/)),
      z.transform((digits: string) => Number(digits)),
    ),
  ),
});

/**
 * `/connect`: where Stripe sends a person whose onboarding an operator has started. Nobody signs in, so the pages never
 * say whose account it is, and make no links to Stripe.
 */
export const connect = new Hono<PageHeadersEnv>();

connect.get(
  '/return',
  pageInput('query', returnQuery, (c: Context<PageHeadersEnv>) => respondUnknown(c)),
  async (c) => {
    const { t: token, until = secondsNow() + LOOKS_AGAIN_FOR } = c.req.valid('query');
    const found = await lookUp(c, token);
    if (!found) return await respondUnknown(c);
    const { workspace, shown } = found;
    const end = Math.min(until, secondsNow() + LOOKS_AGAIN_FOR);
    const isPolling = !shown.isFinal && end > secondsNow();
    const again = `/connect/return?t=${token}`;
    const polling = {
      status: shown.status,
      url: `/connect/return/status?t=${token}&until=${end}`,
      refresh: `${again}&until=${end}`,
    };
    const page = connectPage(c, {
      text: shown,
      isSandbox: workspace.mode === 'sandbox',
      ...(isPolling && { polling }),
      ...(!shown.isFinal && { againUrl: again }),
    });
    return await c.html(await page);
  },
);

connect.get('/return/status', pageInput('query', returnQuery, noSuchPage), async (c) => {
  const { t: token, until = 0 } = c.req.valid('query');
  const found = await lookUp(c, token);
  if (!found) return noSuchPage();
  return c.json({ data: { status: until > secondsNow() ? found.shown.status : 'over' } });
});

connect.get('/link-expired', async (c) => await c.html(await connectPage(c, { text: LINK_EXPIRED })));

connect.onError(async (error, c) => {
  if (c.req.path.endsWith('/status')) throw error;
  const known = asApiError(error);
  c.var.notes.code = known.code;
  logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  const { t: token } = returnQuery.safeParse(c.req.query()).data ?? {};
  const againUrl = token === undefined ? {} : { againUrl: `/connect/return?t=${encodeURIComponent(token)}` };
  return await c.html(await connectPage(c, { text: UNAVAILABLE, ...againUrl }), 503);
});

/** Answers an address that is not ours, or not any more. `allow`: the methods of the path for a 405, or null for a 404. */
export async function respondUnknown(c: Context<PageHeadersEnv>, allow: string | null = null): Promise<Response> {
  c.var.notes.code = allow === null ? 'not_found' : 'method_not_allowed';
  if (allow !== null) c.header('Allow', allow);
  return await c.html(await connectPage(c, { text: UNKNOWN }), allow === null ? 404 : 405);
}

function noSuchPage(): never {
  throw new ApiError('not_found', 'No such page.');
}

/** The workspace that a token names, and how its account stands at Stripe. null: the token is not ours, or too old. */
async function lookUp(
  c: Context<PageHeadersEnv>,
  token: string,
): Promise<{ readonly workspace: Workspace; readonly shown: ShownState } | null> {
  const { config, requestId } = c.var;
  const returning = await (await returnTokens(config)).read(token, Date.now());
  const database = returning && databaseOf(c.env, returning.shard);
  if (!returning || !database) return null;
  const owner = await findWorkspace(database, returning.workspaceId);
  if (!owner) return null;
  c.var.notes.workspace = owner.workspace.id;
  const actor = { kind: 'system' } as const;
  const platform = makeContext(c.env, config, { shard: returning.shard, actor, requestId });
  const shown = shownState(await readReturnedAccount(inWorkspace(platform, owner)));
  return { workspace: owner.workspace, shown };
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
