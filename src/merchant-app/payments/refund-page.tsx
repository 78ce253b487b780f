import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { PaymentView } from '../../db/payments.ts';
import { leftOf, type NotRefundable } from '../../domain/payments/refundable.ts';
import { Curl } from '../pages/curl.tsx';
import { Field, Select } from '../pages/field.tsx';
import type { PageNode } from '../pages/layout.tsx';
import { BackLink, Notice } from '../pages/parts.tsx';
import { type ShellView, WorkspaceScreen } from '../pages/shell.tsx';
import { tagOf } from '../time.ts';
import { buyerOf, paymentsPath } from './parts.tsx';
import { REASONS, type RefundFaults, type RefundValues } from './refund-form.ts';
import { refundTexts } from './refund-texts.ts';

interface RefundView {
  readonly shell: ShellView;
  readonly publicUrl: string;
  readonly payment: PaymentView;
  /** The random id of the form: the same one makes one refund at most. */
  readonly formId: string;
  readonly values: RefundValues;
  readonly faults: RefundFaults;
  /** Why nothing was refunded. null: nothing was asked for yet. */
  readonly notDone: keyof (typeof refundTexts)['en']['notDone'] | null;
}

/** The page that asks how much of a payment is refunded, and says what that means. */
export function refundPage(view: RefundView): PageNode {
  const { shell, payment, notDone } = view;
  const { language } = shell;
  const texts = refundTexts[language];
  const { id, currency, amountMinor } = payment;
  const left = leftOf(payment);
  const textOf = (minor: number) => formatMoney({ amountMinor: minor, currency }, tagOf(language));
  const request = { method: 'POST' as const, path: `/payments/${id}/refunds`, body: { amount_cents: left } };
  return (
    <WorkspaceScreen shell={shell} title={texts.title(buyerOf(payment))} screen="payments">
      <BackLink href={paymentsPath(shell, id)} text={texts.back} />
      <div>
        <h1>{texts.title(buyerOf(payment))}</h1>
        <p class="soft">{texts.of(textOf(left), textOf(amountMinor))}</p>
      </div>
      {notDone !== null && <Notice tone={notDone === 'again' ? 'warn' : 'bad'}>{texts.notDone[notDone]}</Notice>}
      <RefundForm view={view} left={textOf(left)} />
      <div class="stack tight">
        <Curl view={view} request={request} scope="service.payments.refunds.create" />
        <small>{texts.asCurlHint}</small>
      </div>
    </WorkspaceScreen>
  );
}

function RefundForm({ view, left }: { view: RefundView; left: string }): Child {
  const { shell, payment, formId, values, faults } = view;
  const texts = refundTexts[shell.language];
  const options = REASONS.map((value) => ({ value, text: value === '' ? texts.none : texts[value] }));
  return (
    <form class="card stack refund" method="post" action={paymentsPath(shell, `${payment.id}/refund`)}>
      <input type="hidden" name="form" value={formId} />
      <Field
        id="amount"
        label={texts.amount(payment.currency)}
        hint={texts.upTo(left)}
        fault={faults.amount ?? null}
        input={{ class: 'num', value: values.amount, inputmode: 'decimal', autocomplete: 'off', required: true }}
      />
      <Select id="reason" label={texts.reason} value={values.reason} options={options} />
      <div class="if-own">
        <Field
          id="note"
          label={texts.note}
          hint={texts.noteHint}
          fault={faults.note ?? null}
          input={{ value: values.note, maxlength: 250 }}
        />
      </div>
      <Notice tone={shell.mode === 'sandbox' ? 'plain' : 'warn'}>
        {shell.mode === 'sandbox' ? texts.sandbox : texts.live}
      </Notice>
      <div class="row">
        <button class="btn main bad" type="submit">
          {texts.submit}
        </button>
        <a class="btn" href={paymentsPath(shell, payment.id)}>
          {texts.keep}
        </a>
      </div>
    </form>
  );
}

interface NotRefundableView {
  readonly shell: ShellView;
  readonly payment: PaymentView;
  readonly why: NotRefundable;
}

/** The page that says why a payment cannot be refunded. */
export function notRefundablePage({ shell, payment, why }: NotRefundableView): PageNode {
  const texts = refundTexts[shell.language];
  return (
    <WorkspaceScreen shell={shell} title={texts.notTitle} screen="payments">
      <BackLink href={paymentsPath(shell, payment.id)} text={texts.back} />
      <h1>{texts.notTitle}</h1>
      <Notice tone="warn">{texts.not[why === 'not_paid' ? payment.status : why]}</Notice>
    </WorkspaceScreen>
  );
}
