import { newFormId } from '../../../src/core/ids.ts';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import { png } from '../../support/pictures.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, callWith } from '../support/api.ts';
import { type BindingChanges, fetchWith } from '../support/direct.ts';
import {
  askBootstrap,
  askStatus,
  boot,
  expectEmbedded,
  openFrame,
  postEnd,
  postSession,
  SHOP,
} from '../support/embed.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { returnToken, URLS } from '../support/onboarding.ts';
import { openPage, payPath, sendForm, visit } from '../support/pay-page.ts';
import { heldEvent, heldEvents, openSession, requestOf } from '../support/payments.ts';
import { expectProfile, putLogo } from '../support/profiles.ts';
import { newKey } from '../support/public-keys.ts';
import { askRefund, dashboardRefund, paidSession } from '../support/refunds.ts';
import { control, pay, type SignedEvent } from '../support/simulator.ts';
import { newWorkspace, SESSION } from '../support/workspace.ts';
import { SAMPLE, type Shop, sampleIds, timeOf } from './history.ts';

/** Makes what a request needs, and answers a function that sends the request. Only that request is measured. */
export type Sample = (shop: Shop) => Promise<(bindings: BindingChanges) => Promise<Response>>;

const OWNER = { country: 'GB', email: 'owner@shop.example' } as const;
const LINK = { title: 'Studio deposit', currency: 'gbp', amount_cents: 5000 } as const;

/** A request to the server API. `path`: may use what it makes first. */
function api(method: string, path: string | ((shop: Shop) => string | Promise<string>), body?: unknown): Sample {
  return async (shop) => {
    const target = typeof path === 'string' ? path : await path(shop);
    return (bindings) => callWith(bindings, shop.key, method, target, body);
  };
}

const endpointPath =
  (rest = '') =>
  async (shop: Shop) =>
    `/webhook-endpoints/${(await addEndpointRow(shop)).id}${rest}`;
const operator =
  (path: (shop: Shop) => string): Sample =>
  async (shop) =>
  (bindings) =>
    visit(path(shop), { bindings, headers: { Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}` } });
const operatorPost =
  (rest: string, body: object = {}): Sample =>
  async (shop) => {
    const { workspace } = await accountShop(shop, rest);
    const headers = {
      Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}`,
      'Content-Type': 'application/json',
    };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const url = `${SIMULATED.variables.PUBLIC_URL}/operators/workspaces/${workspace.id}${rest}`;
    return (bindings) => fetchWith(bindings, new Request(url, init));
  };
/** Another workspace: the account of the shop stays as it is. In the other shard: the cron of the shop's reads no more rows for it. */
const accountShop = ({ shard }: Shop, rest: string) =>
  newWorkspace({
    shard: shard === '0' ? '1' : '0',
    account: rest.endsWith('/onboarding-links') ? 'none' : 'ready',
    webhook: false,
  });
const returning =
  (path: string): Sample =>
  async ({ workspace, shard }) => {
    const token = await returnToken({ workspaceId: workspace.id, shard });
    return (bindings) => visit(path, { query: `?t=${token}`, bindings });
  };
const ofLink =
  (rest: string): Sample =>
  async ({ hotLink }) =>
  (bindings) =>
    visit(`${payPath(hotLink.token)}${rest}`, { bindings });

/** A public key for the widget of the hot link, and a token of its frame. */
async function widgetOf(shop: Shop) {
  const { key } = await newKey(shop, [SHOP]);
  const widget = { key, link: shop.hotLink };
  const { frame_url, token } = await boot({ ...widget, shop, keyId: '' });
  return { widget, frame_url, token };
}

async function embedded(shop: Shop) {
  const { token } = await widgetOf(shop);
  const session = await expectEmbedded(await postSession({ t: token, form: newFormId() }));
  return { t: token, session };
}

const stripeEvent =
  (make: (shop: Shop) => Promise<SignedEvent>): Sample =>
  async (shop) => {
    const event = await make(shop);
    return (bindings) => fetchWith(bindings, requestOf(event));
  };

async function openOnHotLink(shop: Shop) {
  return await openSession(shop, { payment_link_token: shop.hotLink.token });
}

/** A request for each route of the Worker, by method and path. Further ones of a route have a word behind the path. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  'GET /': async () => (bindings) => visit('/', { bindings }),
  'GET /health': async () => (bindings) => visit('/health', { query: '?deep=1', bindings }),
  'ALL /health/drift': operator(() => '/health/drift'),
  'ALL /operators/workspaces/:id/requests': operator(
    ({ workspace }) => `/operators/workspaces/${workspace.id}/requests`,
  ),
  'ALL /operators/workspaces/:id/key-uses': operator(
    ({ workspace }) => `/operators/workspaces/${workspace.id}/key-uses`,
  ),
  'ALL /operators/workspaces/:id/account/onboarding-links': operatorPost('/account/onboarding-links', OWNER),
  'ALL /operators/workspaces/:id/account/read': operatorPost('/account/read'),
  'ALL /operators/workspaces/:id/account/dashboard-links': operatorPost('/account/dashboard-links'),
  'ALL /operators/workspaces/:id/account/disconnect': operatorPost('/account/disconnect'),
  'GET /.well-known/softsolz-keys.json': async () => (bindings) =>
    visit('/.well-known/softsolz-keys.json', { bindings }),

  'POST /checkout-sessions': api('POST', '/checkout-sessions', SESSION),
  'POST /checkout-sessions of a link': async (shop) => (bindings) =>
    callWith(bindings, shop.key, 'POST', '/checkout-sessions', { ...SESSION, payment_link_token: shop.hotLink.token }),
  'GET /checkout-sessions/:id': api('GET', (shop) => `/checkout-sessions/${sampleIds(shop).payment}`),
  'POST /checkout-sessions/:id/expire': api(
    'POST',
    async (shop) => `/checkout-sessions/${(await openSession(shop)).id}/expire`,
  ),

  'POST /payment-links': api('POST', '/payment-links', LINK),
  'GET /payment-links/:id': api('GET', ({ hotLink }) => `/payment-links/${hotLink.token}`),
  'PATCH /payment-links/:id': api('PATCH', ({ hotLink }) => `/payment-links/${hotLink.token}`, { title: 'Season' }),
  'PATCH /payment-links/:id sets a limit': api('PATCH', ({ hotLink }) => `/payment-links/${hotLink.token}`, {
    max_payments: 100_000,
  }),
  'PATCH /payment-links/:id takes the limit away': api('PATCH', ({ hotLink }) => `/payment-links/${hotLink.token}`, {
    max_payments: null,
  }),
  'GET /payment-links/:id/snippet': api('GET', ({ hotLink }) => `/payment-links/${hotLink.token}/snippet`),

  'GET /payments/:id': api('GET', (shop) => `/payments/${sampleIds(shop).payment}`),
  'POST /payments/:id/refunds': async (shop) => {
    const { id } = await paidSession(shop);
    return (bindings) => askRefund(shop, id, {}, { bindings });
  },

  'POST /webhook-endpoints': api('POST', '/webhook-endpoints', { url: 'https://hooks.northlight.studio/orders' }),
  'GET /webhook-endpoints/:id': api('GET', ({ endpointId }) => `/webhook-endpoints/${endpointId}`),
  'PATCH /webhook-endpoints/:id': api('PATCH', ({ endpointId }) => `/webhook-endpoints/${endpointId}`, {
    description: 'Orders',
  }),
  'DELETE /webhook-endpoints/:id': api('DELETE', endpointPath()),
  'POST /webhook-endpoints/:id/rotate-secret': api('POST', endpointPath('/rotate-secret')),
  'POST /webhook-endpoints/:id/ping': api('POST', ({ endpointId }) => `/webhook-endpoints/${endpointId}/ping`),
  'POST /webhook-endpoints/:id/enable': async (shop) => {
    const row = { status: 'disabled', disabledAt: timeOf(shop, 30), failingSince: timeOf(shop, 40) } as const;
    const { id } = await addEndpointRow(shop, row);
    return (bindings) => callWith(bindings, shop.key, 'POST', `/webhook-endpoints/${id}/enable`);
  },
  'POST /webhook-endpoints/:id/replay': async (shop) => {
    const range = { since: toRfc3339(timeOf(shop, 60)), until: toRfc3339(timeOf(shop, 30)) };
    return (bindings) => callWith(bindings, shop.key, 'POST', `/webhook-endpoints/${shop.endpointId}/replay`, range);
  },
  'POST /deliveries/:id/redeliver': api('POST', (shop) => `/deliveries/${sampleIds(shop).delivery}/redeliver`),
  'GET /events/:id': api('GET', (shop) => `/events/${sampleIds(shop).event}`),

  'POST /public-keys': api('POST', '/public-keys', { allowed_origins: [SHOP] }),
  'PATCH /public-keys/:id': api('PATCH', async (shop) => `/public-keys/${(await newKey(shop, [SHOP])).id}`, {
    allowed_origins: ['https://other.example'],
  }),
  'DELETE /public-keys/:id': api('DELETE', async (shop) => `/public-keys/${(await newKey(shop, [SHOP])).id}`),

  'GET /profile': api('GET', '/profile'),
  'PATCH /profile': api('PATCH', '/profile', { display_name: 'Harbour Studio' }),
  'PUT /profile/logo': api('PUT', '/profile/logo', png({ width: 64, height: 32 })),
  'DELETE /profile/logo': async (shop) => {
    await putLogo(shop, png({ width: 32, height: 64 }));
    return (bindings) => callWith(bindings, shop.key, 'DELETE', '/profile/logo');
  },
  'GET /account': api('GET', '/account'),
  'POST /account/onboarding-links': async (shop) => {
    await callWith({}, shop.key, 'POST', '/account/disconnect', {});
    return (bindings) => callWith(bindings, shop.key, 'POST', '/account/onboarding-links', URLS);
  },
  'POST /account/dashboard-links': api('POST', '/account/dashboard-links', {}),
  'POST /account/disconnect': async (shop) => async (bindings) => {
    const answer = await callWith(bindings, shop.key, 'POST', '/account/disconnect', {});
    // The other samples need the account.
    await callWith({}, shop.key, 'POST', '/account/onboarding-links', URLS);
    return answer;
  },
  'GET /logo/:name': async (shop) => {
    const { logo_url } = await expectProfile(await putLogo(shop, png({ width: 36, height: 36 })));
    return (bindings) => visit(new URL(logo_url ?? '').pathname, { bindings });
  },

  'GET /api/v1/embed/payments/bootstrap': async (shop) => {
    const { widget } = await widgetOf(shop);
    return (bindings) => askBootstrap(widget, { bindings });
  },
  'OPTIONS /api/v1/embed/payments/bootstrap': async (shop) => {
    const { widget } = await widgetOf(shop);
    const headers = { 'Access-Control-Request-Method': 'GET' };
    return (bindings) => askBootstrap(widget, { method: 'OPTIONS', headers, bindings });
  },
  'POST /api/v1/embed/payments/sessions': async (shop) => {
    const { token } = await widgetOf(shop);
    return (bindings) => postSession({ t: token, form: newFormId() }, { bindings });
  },
  'POST /api/v1/embed/payments/sessions/end': async (shop) => {
    const { t, session } = await embedded(shop);
    return (bindings) => postEnd({ t, session_id: session.session_id }, { bindings });
  },
  'GET /api/v1/embed/payments/status': async (shop) => {
    const { t, session } = await embedded(shop);
    return (bindings) => askStatus(t, session.session_id, { bindings });
  },
  'GET /embed/payments/frame': async (shop) => {
    const { frame_url } = await widgetOf(shop);
    return (bindings) => openFrame(frame_url, { bindings });
  },

  'GET /connect/return': returning('/connect/return'),
  'GET /connect/return/status': returning('/connect/return/status'),
  'GET /connect/link-expired': async () => (bindings) => visit('/connect/link-expired', { bindings }),

  'GET /pay/link/:token': ofLink(''),
  'GET /pay/link/:token/qr.svg': ofLink('/qr.svg'),
  'GET /pay/link/:token/qr.png': ofLink('/qr.png'),
  'GET /pay/link/:token/done': ofLink(`/done?session_id=cs_test_history${SAMPLE}`),
  'GET /pay/link/:token/done/status': ofLink(`/done/status?session_id=cs_test_history${SAMPLE}`),
  'POST /pay/link/:token': async (shop) => {
    const { fields } = await openPage(shop.hotLink);
    return (bindings) => sendForm(shop.hotLink, fields, { bindings });
  },

  'POST /api/stripe/events/:mode{test|live}': stripeEvent(async (shop) => {
    const session = await openOnHotLink(shop);
    await pay(session.stripe_session_id, 'paid', 'desk@example.com');
    return await heldEvent(shop, 'checkout.session.completed');
  }),
  'POST /api/stripe/events/:mode{test|live} expired': stripeEvent(async (shop) => {
    const session = await openOnHotLink(shop);
    await pay(session.stripe_session_id, 'expired');
    return await heldEvent(shop, 'checkout.session.expired');
  }),
  'POST /api/stripe/events/:mode{test|live} refunded': stripeEvent(async (shop) => {
    const paid = await paidSession(shop);
    await dashboardRefund(shop, paid);
    return await heldEvent(shop, 'charge.refunded');
  }),
  'POST /api/stripe/events/:mode{test|live} dispute': stripeEvent(async (shop) => {
    const { intent } = await paidSession(shop);
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    return await heldEvent(shop, 'charge.dispute.created');
  }),
  'POST /api/stripe/events/:mode{test|live} account': stripeEvent(async (shop) => {
    await heldEvents(shop);
    await control('POST', `/accounts/${accountOf(shop.account)}/update`, {});
    return await heldEvent(shop, 'account.updated');
  }),
};
