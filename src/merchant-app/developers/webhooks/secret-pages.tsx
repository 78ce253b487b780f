import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { Curl } from '../../pages/curl.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { CodeLine, Notice, When } from '../../pages/parts.tsx';
import type { Clock } from '../../time.ts';
import { Choice } from '../choice.tsx';
import { type DevelopersView, developersPath, PartScreen, RiskScreen } from '../frame.tsx';
import { endpointTexts } from './texts.ts';

interface MadeView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly endpointId: string;
  /** null: the form came again later, and the secret is not shown any more. */
  readonly secret: string | null;
  /** Until when (unix ms) the old secret also signs. null: there is no old one. */
  readonly oldUntil: number | null;
}

/** How long (ms) after a secret was made the same form shows it again: the answer to the first one may have been lost. */
const SHOWN_AGAIN_MS = 60_000;

interface MadeSecret {
  readonly secret: string;
  /** Unix ms. */
  readonly madeAt: number;
  /** True: the same form has made the secret before. */
  readonly isRepeated: boolean;
}

/** The secret, where the answer to the form may show it. null: the form came again more than a minute later. */
export function shownSecret({ now }: Clock, { secret, madeAt, isRepeated }: MadeSecret): string | null {
  return isRepeated && now - madeAt > SHOWN_AGAIN_MS ? null : secret;
}

/** What follows the form for an endpoint or for a new secret: the secret, which no other page shows. */
export function secretPage({ view, clock, endpointId, secret, oldUntil }: MadeView): PageNode {
  const { shell } = view;
  const texts = endpointTexts[shell.language];
  const back = { to: `webhooks/${endpointId}`, text: texts.endpoint };
  if (secret === null) {
    return (
      <PartScreen view={view} title={texts.repeatedTitle} back={back}>
        <Notice tone="warn">{oldUntil === null ? texts.repeated : texts.repeatedRotation}</Notice>
        {oldUntil !== null && (
          <p>
            {texts.rotatedUntil} <When clock={clock} at={oldUntil} />
          </p>
        )}
      </PartScreen>
    );
  }
  return (
    <PartScreen view={view} title={oldUntil === null ? texts.freshTitle : texts.rotatedTitle} back={back}>
      <section class="card stack">
        <Notice tone="warn">{texts.secretOnce}</Notice>
        <CodeLine language={shell.language} id="secret" label={texts.theSecret} code={secret} />
        {oldUntil === null ? (
          <p>{texts.next}</p>
        ) : (
          <p>
            {texts.rotatedUntil} <When clock={clock} at={oldUntil} />
          </p>
        )}
        <div class="row">
          <a class="btn main" href={developersPath(shell, `webhooks/${endpointId}`)}>
            {texts.toEndpoint}
          </a>
        </div>
      </section>
    </PartScreen>
  );
}

interface RotateView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly endpoint: WebhookEndpoint;
  readonly formId: string;
}

/** Asks before an endpoint gets a new secret. While an older one still works, it can be ended here. */
export function rotatePage({ view, clock, endpoint, formId }: RotateView): PageNode {
  const texts = endpointTexts[view.shell.language];
  const { id, previousSecretValidUntil } = endpoint;
  const isBusy = previousSecretValidUntil !== null && previousSecretValidUntil > clock.now;
  const request = { method: 'POST', path: `/webhook-endpoints/${id}/rotate-secret`, body: { force: isBusy } } as const;
  const back = { to: `webhooks/${id}`, text: texts.endpoint };
  return (
    <RiskScreen
      view={view}
      title={texts.rotateTitle}
      back={back}
      action={`webhooks/${id}/rotate`}
      button={texts.rotateButton}
      after={<Curl view={view} request={request} scope="service.payments.webhooks.write" />}
    >
      <input type="hidden" name="form" value={formId} />
      <p>{texts.rotateText}</p>
      {isBusy && (
        <>
          <p>
            {texts.rotateBusy} <When clock={clock} at={previousSecretValidUntil} />
          </p>
          <Choice type="checkbox" name="force" value="true" isChosen={false} isRequired>
            {texts.rotateForce}
          </Choice>
        </>
      )}
    </RiskScreen>
  );
}

/** Asks before an endpoint is deleted. */
export function deletePage({ view, endpoint }: Pick<RotateView, 'view' | 'endpoint'>): PageNode {
  const texts = endpointTexts[view.shell.language];
  const { id, url } = endpoint;
  return (
    <RiskScreen
      view={view}
      title={texts.deleteTitle}
      back={{ to: `webhooks/${id}`, text: texts.endpoint }}
      action={`webhooks/${id}/delete`}
      button={texts.deleteButton}
      after={
        <Curl
          view={view}
          request={{ method: 'DELETE', path: `/webhook-endpoints/${id}` }}
          scope="service.payments.webhooks.write"
        />
      }
    >
      <p class="mono">{url}</p>
      <p>{texts.deleteText}</p>
    </RiskScreen>
  );
}
