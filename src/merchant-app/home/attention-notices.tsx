import type { Child } from 'hono/jsx';
import { formatMoney } from '../../core/money/money.ts';
import type { DisputeToAnswer, EndpointHealth } from '../../db/attention.ts';
import type { Attention } from '../../domain/workspaces/attention.ts';
import { disabledReasonText } from '../developers/webhooks/texts.ts';
import { Notice, type Tone } from '../pages/parts.tsx';
import type { ShellView } from '../pages/shell.tsx';
import { pathOf } from '../paths.ts';
import { STATE_TONES } from '../settings/state-tones.ts';
import { stripeTexts } from '../settings/stripe-texts.ts';
import { type Clock, dayText, tagOf, timeText } from '../time.ts';
import { attentionTexts } from './attention-texts.ts';
import { homeScreenTexts } from './texts.ts';

interface AttentionView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly attention: Attention;
  /** Whether the access to the account was taken away at Stripe. */
  readonly isTakenAway: boolean;
  /** True where a step on the page asks for an account: its absence is no news. */
  readonly isConnectAStep: boolean;
}

/** What needs the merchant now, each with the way there. */
export function AttentionNotices({ shell, clock, attention, isTakenAway, isConnectAStep }: AttentionView): Child {
  const { account, endpoints, disputes, hasMoreDisputes } = attention;
  const isAccountShown = account !== 'ready' && !(account === 'none' && isConnectAStep);
  if (!isAccountShown && endpoints.length === 0 && disputes.length === 0) return null;
  const texts = attentionTexts[shell.language];
  const { states, takenAway } = stripeTexts[shell.language];
  const state = isTakenAway ? takenAway : states[account];
  return (
    <section class="stack tight" aria-label={homeScreenTexts[shell.language].attention}>
      {isAccountShown && (
        <Item
          shell={shell}
          tone={STATE_TONES[account]}
          title={`${state.title}.`}
          text={state.text}
          to="settings/stripe"
          action={texts.toStripe}
        />
      )}
      {disputes.map((dispute) => (
        <DisputeItem shell={shell} clock={clock} dispute={dispute} />
      ))}
      {hasMoreDisputes && (
        <Item
          shell={shell}
          tone="bad"
          title={texts.moreDisputes}
          text={texts.moreDisputesText}
          to="settings/stripe"
          action={texts.toStripe}
        />
      )}
      {endpoints.map((endpoint) => (
        <EndpointItem shell={shell} clock={clock} endpoint={endpoint} />
      ))}
    </section>
  );
}

interface ItemView {
  readonly shell: ShellView;
  readonly tone: Tone;
  readonly title: string;
  readonly text: string;
  /** The path in the workspace. */
  readonly to: string;
  readonly action: string;
}

function Item({ shell, tone, title, text, to, action }: ItemView): Child {
  const link = (
    <a class="btn" href={pathOf(shell, to)}>
      {action}
    </a>
  );
  return (
    <Notice tone={tone} action={link}>
      <strong>{title}</strong> {text}
    </Notice>
  );
}

interface DisputeView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly dispute: DisputeToAnswer;
}

function DisputeItem({ shell, clock, dispute }: DisputeView): Child {
  const texts = attentionTexts[shell.language];
  return (
    <Item
      shell={shell}
      tone="bad"
      title={texts.dispute(formatMoney(dispute, tagOf(shell.language)))}
      text={texts.disputeText(dayText(clock, dispute.createdAt))}
      to={`payments/${dispute.paymentId}`}
      action={texts.toPayment}
    />
  );
}

interface EndpointView {
  readonly shell: ShellView;
  readonly clock: Clock;
  readonly endpoint: EndpointHealth;
}

function EndpointItem({ shell, clock, endpoint }: EndpointView): Child {
  const texts = attentionTexts[shell.language];
  const { host } = new URL(endpoint.url);
  const isDisabled = endpoint.status === 'disabled';
  const since = endpoint.failingSince ?? clock.now;
  return (
    <Item
      shell={shell}
      tone={isDisabled ? 'bad' : 'warn'}
      title={isDisabled ? texts.disabled(host) : texts.failing(host, timeText(clock, since))}
      text={
        isDisabled
          ? `${disabledReasonText(shell.language, endpoint.disabledReason)} ${texts.disabledText}`
          : texts.failingText
      }
      to={`developers/webhooks/${endpoint.id}`}
      action={texts.toEndpoint}
    />
  );
}
