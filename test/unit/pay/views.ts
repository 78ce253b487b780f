import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ENGLISH } from '../../../src/http/buyer/locale.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { type ShownProfile, shownProfile } from '../../../src/http/buyer/page-parts.tsx';
import { ClosedPage, type ClosedPageView } from '../../../src/http/pay/closed-page.tsx';
import { DonePage, type DonePageView } from '../../../src/http/pay/done-page.tsx';
import type { PageLayout } from '../../../src/http/pay/layout.tsx';
import { PayPage, type PayPageView } from '../../../src/http/pay/pay-page.tsx';
import { previewImage } from '../../../src/http/pay/preview.tsx';

const readPublic = (file: string) => readFileSync(resolve(import.meta.dirname, '../../../public', file), 'utf8');

const NOTHING_SET = shownProfile(null);

/** A profile in which everything is set, each member about as long as most are. */
export const WHOLE_PROFILE: ShownProfile = {
  logo: { path: `/logo/0${'5a'.repeat(32)}`, width: 512, height: 256 },
  website: 'https://www.northlight-studio.example/',
  supportEmail: 'hello@northlight-studio.example',
  supportPhone: '+44 (0)20 7946 0958',
  termsUrl: 'https://www.northlight-studio.example/terms',
  privacyUrl: 'https://www.northlight-studio.example/privacy',
  refundPolicyUrl: 'https://www.northlight-studio.example/refunds',
};

const layout: PageLayout = {
  locale: ENGLISH,
  strings: en,
  query: {},
  sandbox: false,
  reportUrl: 'https://softsolz.example/report',
  nonce: 'bm9uY2U',
  sheet: readPublic('pay/style.css'),
  scripts: { form: readPublic('pay/form.js'), done: readPublic('pay/done.js') },
  heading: 'Studio deposit',
  businessName: 'Northlight Studio',
  canonicalUrl: 'https://pay.example/pay/link/lnk_08f3c2a1b9d4e5f60718',
  profile: NOTHING_SET,
  previewImage: previewImage('https://pay.example', { businessName: null, profile: NOTHING_SET, strings: en }),
};

const pay: PayPageView = {
  ...layout,
  heading: 'Studio deposit',
  text: '50% non-refundable booking deposit. The rest is due on the day.',
  currency: 'GBP',
  amountMinor: 5000,
  minAmountMinor: null,
  suggestedAmountsMinor: [],
  button: { background: '#1d4ed8', text: '#ffffff' },
  action: '/pay/link/lnk_08f3c2a1b9d4e5f60718',
  languageAction: '/pay/link/lnk_08f3c2a1b9d4e5f60718',
  form: 'form_1',
  shownPrice: 'GBP:5000',
  prefill: { email: null, reference: null, passthrough: {}, amount: null },
  fault: { amount: null },
  notice: null,
  turnstile: null,
  qrSvgUrl: '/pay/link/lnk_08f3c2a1b9d4e5f60718/qr.svg',
  cancelled: false,
  keptMinutes: null,
  earlier: null,
};

const closed: ClosedPageView = {
  ...layout,
  reason: 'inactive',
  message: null,
  retryUrl: null,
  statusUrl: null,
  retryAfterSeconds: null,
};

const done: DonePageView = {
  ...layout,
  status: 'paid',
  heading: 'Studio deposit',
  amountMinor: 5000,
  refundedMinor: 0,
  currency: 'GBP',
  paidAt: Date.UTC(2026, 10, 22, 9, 14),
  startedAt: null,
  receiptNumber: '118123456789012',
  reference: '1042',
  method: { name: 'Visa', last4: '4242' },
  refreshUrl: '/pay/link/lnk_08f3c2a1b9d4e5f60718/done?session_id=cs_test_1',
  statusUrl: '/pay/link/lnk_08f3c2a1b9d4e5f60718/done/status?session_id=cs_test_1',
  continueUrl: null,
  payUrl: '/pay/link/lnk_08f3c2a1b9d4e5f60718',
};

/** The pay page as HTML: a fixed price of £50.00, unless the test says otherwise. */
export async function payHtml(over: Partial<PayPageView> = {}): Promise<string> {
  return String(await PayPage({ ...pay, ...over }));
}

/** The pay page of a link whose buyers choose: suggestions of 10, 25 and 50 euros, at least 5. */
export async function openHtml(over: Partial<PayPageView> = {}): Promise<string> {
  const open = { currency: 'EUR', amountMinor: null, minAmountMinor: 500, suggestedAmountsMinor: [1000, 2500, 5000] };
  return await payHtml({ ...open, ...over });
}

/** For `closedHtml`: the page after Checkout where the payment cannot be read. */
export const NOT_SHOWN = {
  reason: 'done_unavailable',
  retryUrl: '/done?session_id=cs_1',
  statusUrl: '/done/status?session_id=cs_1',
  retryAfterSeconds: 5,
} as const;

/** A page that takes no payment, as HTML. */
export async function closedHtml(over: Partial<ClosedPageView> = {}): Promise<string> {
  return String(await ClosedPage({ ...closed, ...over }));
}

/** The page after Checkout, as HTML: paid, unless the test says otherwise. */
export async function doneHtml(over: Partial<DonePageView> = {}): Promise<string> {
  return String(await DonePage({ ...done, ...over }));
}

/** The attributes of the first tag that matches, by name. */
export function attributesOf(html: string, tag: RegExp): Record<string, string> {
  const [found = ''] = tag.exec(html) ?? [];
  return Object.fromEntries(
    [...found.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
