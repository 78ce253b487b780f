import { Hono } from 'hono';
import { newFormId } from '../../../core/ids.ts';
import { operationOfForm } from '../../../domain/operations.ts';
import { deleteEndpoint } from '../../../domain/webhooks/endpoints/delete-endpoint.ts';
import { pingEndpoint } from '../../../domain/webhooks/endpoints/ping-endpoint.ts';
import { rotateSecret } from '../../../domain/webhooks/endpoints/rotate-secret.ts';
import { updateEndpoint } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import { readEnabledEndpoint, readEndpoint } from '../../../domain/webhooks/queries.ts';
import { enableEndpoint } from '../../../domain/webhooks/replay/enable-endpoint.ts';
import { replay } from '../../../domain/webhooks/replay/replay.ts';
import { allowedTo, type WorkspaceEnv } from '../../allowed-to.ts';
import { formIdIn, madeAt, readForm } from '../../form.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { developersPath, viewOf } from '../frame.tsx';
import { checkReplayForm, firstReplayForm, readReplayForm } from './replay-form.ts';
import { replayPage } from './replay-page.tsx';
import { deletePage, rotatePage, secretPage, shownSecret } from './secret-pages.tsx';

const PATH = `${WORKSPACE_PATH}/developers/webhooks/:id`;
const NOTHING = { url: undefined, events: undefined, description: undefined, metadata: undefined };

/** What is done with an endpoint: a test, on and off, a new secret, sending again, deleting. */
export const endpointActionRoutes = new Hono<WorkspaceEnv>()
  .post(`${PATH}/ping`, allowedTo('webhooks.write'), async (c) => {
    const id = c.req.param('id');
    const action = { action: 'webhook_endpoint.ping', form: formIdIn(await readForm(c)) ?? newFormId(), content: [id] };
    const { operation } = await operationOfForm(c.var.context, action);
    const delivery = await pingEndpoint(c.var.context, { id, operationId: operation.id });
    return c.redirect(developersPath(viewOf(c).shell, `deliveries/${delivery.id}`), 303);
  })

  .post(`${PATH}/disable`, allowedTo('webhooks.write'), async (c) => {
    const { id } = await updateEndpoint(c.var.context, { ...NOTHING, id: c.req.param('id'), status: 'disabled' });
    return c.redirect(developersPath(viewOf(c).shell, `webhooks/${id}`), 303);
  })

  .post(`${PATH}/enable`, allowedTo('webhooks.write'), async (c) => {
    const id = c.req.param('id');
    const count = await enableEndpoint(c.var.context, id);
    return c.redirect(developersPath(viewOf(c).shell, `webhooks/${id}?done=enabled&count=${count}`), 303);
  })

  .get(`${PATH}/rotate`, allowedTo('webhooks.write'), async (c) => {
    const endpoint = await readEndpoint(c.var.context, c.req.param('id'));
    return c.html(rotatePage({ view: viewOf(c), clock: clockOf(c), endpoint, formId: newFormId() }));
  })

  .post(`${PATH}/rotate`, allowedTo('webhooks.write'), async (c) => {
    const { context } = c.var;
    const id = c.req.param('id');
    const fields = await readForm(c);
    const force = fields.get('force') === 'true';
    const action = { action: 'webhook_endpoint.rotate_secret', form: formIdIn(fields) ?? newFormId(), content: [id] };
    const { operation } = await operationOfForm(context, action);
    const rotated = await rotateSecret(context, { id, operationId: operation.id, force });
    const clock = clockOf(c);
    const [secret, oldUntil] = [shownSecret(clock, rotated), rotated.previousValidUntil];
    return c.html(secretPage({ view: viewOf(c), clock, endpointId: id, secret, oldUntil }));
  })

  .get(`${PATH}/replay`, allowedTo('webhooks.write'), async (c) => {
    const clock = clockOf(c);
    const endpoint = await readEnabledEndpoint(c.var.context, c.req.param('id'));
    return c.html(replayPage({ view: viewOf(c), clock, endpoint, form: firstReplayForm(clock) }));
  })

  .post(`${PATH}/replay`, allowedTo('webhooks.write'), async (c) => {
    const view = viewOf(c);
    const clock = clockOf(c);
    const endpoint = await readEnabledEndpoint(c.var.context, c.req.param('id'));
    const fields = await readForm(c);
    const form = readReplayForm(fields);
    const checked = checkReplayForm(form, clock);
    if (!checked.ok) return c.html(replayPage({ view, clock, endpoint, form, faults: checked.faults }), 422);
    const count = await replay(c.var.context, { id: endpoint.id, ...checked.asked, ...madeAt(fields) });
    return c.redirect(developersPath(view.shell, `webhooks/${endpoint.id}?done=queued&count=${count}`), 303);
  })

  .get(`${PATH}/delete`, allowedTo('webhooks.write'), async (c) => {
    const endpoint = await readEndpoint(c.var.context, c.req.param('id'));
    return c.html(deletePage({ view: viewOf(c), endpoint }));
  })

  .post(`${PATH}/delete`, allowedTo('webhooks.write'), async (c) => {
    await deleteEndpoint(c.var.context, c.req.param('id'));
    return c.redirect(developersPath(viewOf(c).shell, 'webhooks'), 303);
  });
