import { type Context, Hono } from 'hono';
import { webhookEndpointIdOf } from '../../../core/derive.ts';
import { operationOfForm } from '../../../domain/operations.ts';
import { createEndpoint } from '../../../domain/webhooks/endpoints/create-endpoint.ts';
import { updateEndpoint } from '../../../domain/webhooks/endpoints/update-endpoint.ts';
import { readEndpoint, readEndpointDeliveries, readEndpoints } from '../../../domain/webhooks/queries.ts';
import { endpointBodiesOf, listDeliveriesQuery } from '../../../http/api/webhook-endpoints/requests.ts';
import { allowedTo, mayHere, type WorkspaceEnv } from '../../allowed-to.ts';
import { readForm } from '../../form.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { developersPath, viewOf } from '../frame.tsx';
import { bodyOfForm, emptyEndpointForm, faultsOf, formOfEndpoint, readEndpointForm } from './endpoint-form.ts';
import { editEndpointPage, newEndpointPage } from './endpoint-form-page.tsx';
import { endpointListPage } from './endpoint-list-page.tsx';
import { type Done, endpointPage } from './endpoint-page.tsx';
import { secretPage, shownSecret } from './secret-pages.tsx';

const PATH = `${WORKSPACE_PATH}/developers/webhooks`;
/** How many deliveries a page shows. */
const SHOWN = '25';

/** The list of endpoints, one endpoint, and the forms that make and change it. */
export const endpointRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const view = viewOf(c);
    const endpoints = await readEndpoints(c.var.context);
    return c.html(endpointListPage({ view, clock: clockOf(c), endpoints, mayWrite: mayHere(c, 'webhooks.write') }));
  })

  .get(`${PATH}/new`, allowedTo('webhooks.write'), (c) =>
    c.html(newEndpointPage({ view: viewOf(c), form: emptyEndpointForm() })),
  )

  .post(PATH, allowedTo('webhooks.write'), create)

  .get(`${PATH}/:id`, allowedTo('read'), show)

  .get(`${PATH}/:id/edit`, allowedTo('webhooks.write'), async (c) => {
    const endpoint = await readEndpoint(c.var.context, c.req.param('id'));
    return c.html(editEndpointPage({ view: viewOf(c), id: endpoint.id, form: formOfEndpoint(endpoint) }));
  })

  .post(`${PATH}/:id/edit`, allowedTo('webhooks.write'), async (c) => {
    const { context, config } = c.var;
    const view = viewOf(c);
    const { id } = await readEndpoint(context, c.req.param('id'));
    const form = readEndpointForm(await readForm(c));
    const parsed = endpointBodiesOf(config.service).change.safeParse(bodyOfForm(form));
    if (!parsed.success) return c.html(editEndpointPage({ view, id, form, faults: faultsOf(parsed.error) }), 422);
    await updateEndpoint(context, { ...parsed.data, id });
    return c.redirect(developersPath(view.shell, `webhooks/${id}?done=saved`), 303);
  });

async function create(c: Context<WorkspaceEnv>) {
  const { context, config } = c.var;
  const view = viewOf(c);
  const form = readEndpointForm(await readForm(c));
  const parsed = endpointBodiesOf(config.service).create.safeParse(bodyOfForm(form));
  if (!parsed.success) return c.html(newEndpointPage({ view, form, faults: faultsOf(parsed.error) }), 422);
  const { url, events = [], description } = parsed.data;
  const content = [url, description ?? '', ...events];
  const { operation } = await operationOfForm(context, {
    action: 'webhook_endpoint.create',
    form: form.formId,
    content,
  });
  const id = await webhookEndpointIdOf(operation.id);
  const { endpoint, ...made } = await createEndpoint(context, { ...parsed.data, id });
  const clock = clockOf(c);
  const isFirst = endpoint.secretOperationId === null;
  const secret = isFirst ? shownSecret(clock, { ...made, madeAt: endpoint.createdAt }) : null;
  return c.html(secretPage({ view, clock, endpointId: id, secret, oldUntil: null }));
}

async function show(c: Context<WorkspaceEnv>) {
  const { context } = c.var;
  const id = c.req.param('id') ?? '';
  const { status, cursor } = c.req.query();
  const asked = listDeliveriesQuery.safeParse({
    limit: SHOWN,
    ...(status ? { status } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const { filter, page } = asked.data ?? listDeliveriesQuery.parse({ limit: SHOWN });
  const [endpoint, deliveries] = await Promise.all([
    readEndpoint(context, id),
    readEndpointDeliveries(context, { id, filter, page }),
  ]);
  return c.html(
    endpointPage({
      view: viewOf(c),
      clock: clockOf(c),
      endpoint,
      deliveries,
      status: filter.status,
      done: doneOf(c),
      mayWrite: mayHere(c, 'webhooks.write'),
    }),
  );
}

/** What the redirect to the page says was done. */
function doneOf(c: Context<WorkspaceEnv>): Done | null {
  const { done, count = '0' } = c.req.query();
  const what = (['queued', 'enabled', 'saved'] as const).find((one) => one === done);
  return what && /^\d{1,9}$/.test(count) ? { what, count: Number(count) } : null;
}
