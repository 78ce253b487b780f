import { Hono } from 'hono';
import { messagePage } from '../pages/message.tsx';
import { browserOf, storedBrowser } from './browser-name.ts';
import { freshlySignedIn } from './fresh-proof.ts';
import { answerScript, sentPasskey } from './passkey-steps.ts';
import { addPasskey, beginToAdd, madePasskey, removePasskey } from './passkeys.ts';
import { type SignedInEnv, signedIn } from './signed-in.ts';
import { wayBack } from './way-back.ts';

/** The routes below /app/passkeys, which change the passkeys of the person who is signed in. */
export const passkeyRoutes = new Hono<SignedInEnv>()
  .use(signedIn(), freshlySignedIn())

  .post('/options', (c) => answerScript(c, beginToAdd))

  .post('/', async (c) => {
    const response = await sentPasskey(c, madePasskey);
    const browser = storedBrowser(browserOf(c.req.header('User-Agent') ?? null));
    const isAdded = response !== null && (await addPasskey(c.var.auth, c.req.raw.headers, { response, browser }));
    return isAdded ? c.redirect(wayBack(c), 303) : c.html(messagePage(c.var.language, 'noPasskey'), 422);
  })

  .post('/:id/remove', async (c) => {
    await removePasskey(c.var.auth, c.req.raw.headers, c.req.param('id'));
    return c.redirect(wayBack(c), 303);
  });
