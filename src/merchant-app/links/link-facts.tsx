import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { type ButtonWarning, buttonWarnings } from '../../http/buyer/button-colours.ts';
import type { ButtonColours } from '../../http/buyer/page-parts.tsx';
import type { Language } from '../language.ts';
import { Amount, Badge, Notice, When } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { type Place, pathOf } from '../paths.ts';
import { type Clock, tagOf } from '../time.ts';
import { formTexts } from './form-texts.ts';
import { linksTexts } from './texts.ts';

/** The path of a screen of a link. `rest`: what follows the token, such as "/edit". */
export function linkPath(place: Place, token: string, rest = ''): string {
  return pathOf(place, `links/${token}${rest}`);
}

/** What a link costs: "£50.00", or "Buyer decides, from €5.00". */
export function priceText(language: Language, { currency, amountMinor, minAmountMinor }: PaymentLink): string {
  const texts = linksTexts[language];
  const money = (amount: number) => formatMoney({ amountMinor: amount, currency }, tagOf(language));
  if (amountMinor !== null) return money(amountMinor);
  return minAmountMinor === null ? texts.buyerDecides : texts.buyerDecidesFrom(money(minAmountMinor));
}

/** Why a link that is on takes no payments, or until when it does. null: neither. */
export function Limit({ clock, link }: { clock: Clock; link: PaymentLink }): Child {
  const texts = linksTexts[clock.language];
  const { expiresAt, maxPayments, soldOutAt } = link;
  if (expiresAt !== null && expiresAt <= clock.now) return texts.expired;
  if (soldOutAt !== null) {
    const limit = maxPayments?.toLocaleString(tagOf(clock.language));
    return limit === undefined ? texts.soldOutShort : texts.soldOut(limit);
  }
  return (
    expiresAt !== null && (
      <>
        {texts.until} <When clock={clock} at={expiresAt} />
      </>
    )
  );
}

/** How a link stands, in one word. */
export function LinkBadge({ clock, link }: { clock: Clock; link: PaymentLink }): Child {
  const texts = linksTexts[clock.language];
  const { expiresAt, soldOutAt, active } = link;
  if (!active) return <Badge tone="plain">{texts.off}</Badge>;
  if (expiresAt !== null && expiresAt <= clock.now) return <Badge tone="warn">{texts.expired}</Badge>;
  if (soldOutAt !== null) return <Badge tone="warn">{texts.soldOutShort}</Badge>;
  return <Badge tone="ok">{texts.on}</Badge>;
}

/** What a link has taken: the sum of its payments, how many they are, and what was refunded. */
export function Taken({ language, link }: { language: Language; link: PaymentLink }): Child {
  const texts = linksTexts[language];
  const { currency, paidCount, paidMinor, refundedMinor } = link;
  if (paidCount === 0) return <small>{texts.noPayments}</small>;
  return (
    <>
      <strong>
        <Amount language={language} money={{ amountMinor: paidMinor, currency }} />
      </strong>
      <small>
        {texts.payments(paidCount)}
        {refundedMinor > 0 &&
          ` · ${texts.refunded(formatMoney({ amountMinor: refundedMinor, currency }, tagOf(language)))}`}
      </small>
    </>
  );
}

interface SwitchView {
  readonly shell: ShellView;
  readonly link: PaymentLink;
  /** The list that is shown again afterwards, by its query. null: the page of the link. */
  readonly back: string | null;
}

/** The switch with which a link takes payments or not: a form of one button. */
export function LinkSwitch({ shell, link, back }: SwitchView): Child {
  const texts = linksTexts[shell.language];
  return (
    <form action={linkPath(shell, link.token, '/active')} method="post">
      <input type="hidden" name="active" value={String(!link.active)} />
      {back !== null && <input type="hidden" name="back" value={back} />}
      <button
        class={link.active ? 'switch ok' : 'switch'}
        type="submit"
        role="switch"
        aria-checked={String(link.active)}
        aria-label={texts.takesPaymentsOf(link.title)}
      >
        {link.active ? texts.on : texts.off}
      </button>
    </form>
  );
}

/** Warns of a button that could not be read or hardly be seen in its colours, and says what the page does about it. */
export function PaleNotice({ language, button }: { language: Language; button: ButtonColours }): Child {
  const texts = formTexts[language];
  const words: Record<ButtonWarning, string> = { text: texts.paleText, ground: texts.paleButton };
  return buttonWarnings(button).map((warning) => <Notice tone="warn">{words[warning]}</Notice>);
}
