import type { Context } from 'hono';
import { makeId } from '../../core/ids.ts';
import { parseCurrency } from '../../core/money/money.ts';
import { findProfile } from '../../db/business-profiles.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { DEFAULTS } from '../../domain/links/create-link.ts';
import { readLinkWithSeller } from '../../domain/links/readiness.ts';
import { loadAsset } from '../../http/buyer/load-asset.ts';
import { loadStrings } from '../../http/buyer/load-strings.ts';
import { linkView, type ShownLink, shownName, shownProfile } from '../../http/buyer/page-parts.tsx';
import { PayPage, type PayPageView } from '../../http/pay/pay-page.tsx';
import { previewImage } from '../../http/pay/preview.tsx';
import type { WorkspaceEnv } from '../allowed-to.ts';
import { clockOf, localeIn } from '../time.ts';
import { checkForm, toNewLink } from './check-form.ts';
import { formTexts } from './form-texts.ts';
import { emptyValues, type LinkValues, valuesIn } from './form-values.ts';

/**
 * Answers with the pay page of a link that is being written: of what stands in its form, or of the stored link with this token.
 * null: of an empty form. What is wrong in the form is left out. Nothing on the page can be sent.
 */
export async function respondPreview(c: Context<WorkspaceEnv>, source: URLSearchParams | string | null) {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const logos = new URL(c.var.config.service.publicUrl).origin;
  c.set('policy', {
    'script-src': "'none'",
    'style-src': `'nonce-${nonce}'`,
    'img-src': `'self' ${logos}`,
    'form-action': "'none'",
    'frame-ancestors': "'self'",
    sandbox: '',
  });
  const shown = await shownLink(c, source);
  return c.html(<PayPage {...(await viewOf(c, shown, nonce))} />);
}

async function shownLink(c: Context<WorkspaceEnv>, source: URLSearchParams | string | null): Promise<ShownLink> {
  const { context } = c.var;
  if (typeof source === 'string') return await readLinkWithSeller(context, source);
  const clock = clockOf(c);
  const values = source === null ? emptyValues(clock) : valuesIn(source, clock);
  const profile = await findProfile(context.database, context.workspace.id);
  return { workspace: context.workspace, profile, link: draftOf(c, values) };
}

/** A link that is not stored, with all of a form that has no faults. */
function draftOf(c: Context<WorkspaceEnv>, values: LinkValues): PaymentLink {
  const { context, language } = c.var;
  const { faults, body } = checkForm(values, language, null);
  const currency = parseCurrency(values.currency) ?? emptyValues(clockOf(c)).currency;
  const title = faults.has('title') ? formTexts[language].titlePlaceholder : values.title;
  const isWithoutAmount = values.price === 'fixed' && body.amount_cents === undefined;
  const open = isWithoutAmount ? { amount_cents: null, amount_editable: true } : {};
  const content = toNewLink({ ...body, currency, title, ...open });
  const counted = { id: 0, paidCount: 0, paidMinor: 0, refundedMinor: 0, limitVersion: 0, createdAt: 0, updatedAt: 0 };
  return {
    ...DEFAULTS,
    ...content,
    ...counted,
    amountMinor: isWithoutAmount ? 0 : content.amountMinor,
    workspaceId: context.workspace.id,
    token: makeId('lnk', context.shard, '0'.repeat(20)),
  };
}

async function viewOf(c: Context<WorkspaceEnv>, shown: ShownLink, nonce: string): Promise<PayPageView> {
  const { config, language } = c.var;
  const { publicUrl } = config.service;
  const { ASSETS } = c.env;
  const [reader, sheet] = await Promise.all([
    loadStrings(ASSETS, localeIn(language)),
    loadAsset(ASSETS, '/pay/style.css'),
  ]);
  const businessName = shownName(shown);
  const profile = absolute(publicUrl, shownProfile(shown));
  return {
    ...linkView(shown),
    ...reader,
    profile,
    query: null,
    sandbox: shown.workspace.mode === 'sandbox',
    reportUrl: null,
    nonce,
    sheet,
    scripts: { form: '', done: '' },
    canonicalUrl: null,
    previewImage: previewImage(publicUrl, { businessName, profile, strings: reader.strings }),
    landmarks: formTexts[language].landmarks,
    text: shown.link.description,
    ...{ action: '', languageAction: '', form: '', shownPrice: '', qrSvgUrl: '' },
    prefill: { email: null, reference: null, passthrough: {}, amount: null },
    ...{ fault: { amount: null }, notice: null, turnstile: null, earlier: null },
    ...{ cancelled: false, openForMinutes: null },
  };
}

/** The profile with the logo at the API, which has another address than the app. */
function absolute(publicUrl: string, profile: PayPageView['profile']): PayPageView['profile'] {
  const { logo } = profile;
  return logo === null ? profile : { ...profile, logo: { ...logo, path: `${publicUrl}${logo.path}` } };
}
