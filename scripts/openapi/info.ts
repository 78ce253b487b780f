import { SCOPES } from '../../src/core/scopes.ts';

const DESCRIPTION = `Take payments with Checkout sessions, payment links and a widget. The money goes directly to your own Stripe account.

## Keys

Call the API from your server with a secret key: \`Authorization: Bearer sk_live_…\`. A request with an \`Origin\` header is refused. An \`sk_test_\` key works on your sandbox workspace, an \`sk_live_\` key on your live workspace. The URL is the same.

## Requests

- Bodies are JSON objects of at most 64 KB. Only a logo is sent as a file. Members that are not documented are ignored.
- Amounts are integers in minor units: 4999 is 49.99 GBP, and 500 is 500 JPY.
- Times are RFC 3339. Answers show them in UTC, in whole seconds.
- Send an \`Idempotency-Key\` with POST and PATCH. After a timeout, send the same request again with the same key: it has no second effect. PUT and DELETE need no key and take none: the same request again changes nothing.

## Answers

- \`data\` is the answer, or a list of them. A list has \`meta\`, which says if there are more.
- Members may be added to answers and to events. Ignore those that you do not know.
- An error has a \`code\` for your program and a \`message\` for people. \`details\` lists all faults of a request.
- An unknown path is answered with 404 \`not_found\`. A method that a path does not take is answered with 405 \`method_not_allowed\`, and \`Allow\` names the methods. Where GET is possible, HEAD is too.
- Each key may send a number of requests a minute, 60 by default. Over it the answer is 429, and \`Retry-After\` says how long to wait.
- No answer may be stored in a cache (\`Cache-Control: no-store\`).`;

/** `info` of the document. */
export const INFO = {
  title: 'SoftSolz Payments API',
  version: '1',
  summary: 'Checkout sessions, payment links and signed webhooks over your own Stripe account.',
  description: DESCRIPTION,
};

/** `servers` of the document. A deployment puts its own address before them. */
export const SERVERS = [
  { url: 'https://app.softsolz.uk', description: 'The published API' },
  { url: 'http://localhost:8787', description: 'A copy on this machine: npm start' },
];

/** The groups of operations, in the order of the document. */
export const TAGS = [
  { name: 'Checkout sessions', description: 'One payment whose amount your server decides.' },
  { name: 'Payment links', description: 'A page that takes payments again and again. You share its address.' },
  { name: 'Payments', description: 'The checkout sessions that a buyer has completed, and their refunds.' },
  {
    name: 'Webhook endpoints',
    description: 'The URLs to which events are sent, their signing secrets and their deliveries.',
  },
  { name: 'Events', description: 'What has happened in your workspace, with the same JSON that webhooks send.' },
  { name: 'Public keys', description: 'The keys with which the widget works on your pages.' },
  {
    name: 'Account',
    description: 'The Stripe account that your workspace is paid through: onboarding, state, dashboard.',
  },
  { name: 'Profile', description: 'How your workspace shows itself to buyers: name, logo, contacts and legal links.' },
  {
    name: 'Webhooks',
    description: 'The requests that your webhook endpoints receive. Verify the signature of each request.',
  },
  { name: 'Health', description: 'For your monitoring.' },
] as const;

/** `components.securitySchemes` of the document. */
export const SECURITY_SCHEMES = {
  secretKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sk_live_… or sk_test_…',
    description: `A secret key: sk_live_… or sk_test_…. It needs a scope of each operation that it calls. Scopes: ${SCOPES.map((scope) => `\`${scope}\``).join(', ')}. \`service.payments.*\` includes all of them except \`service.payments.keys.write\`.`,
  },
};
