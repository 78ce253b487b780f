import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { Curl } from '../../pages/curl.tsx';
import { Field, Select } from '../../pages/field.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import type { Clock } from '../../time.ts';
import { type DevelopersView, developersPath, FaultyForm, PartScreen } from '../frame.tsx';
import { developersTexts } from '../texts.ts';
import { bodyOfReplay, type ReplayFault, type ReplayForm } from './replay-form.ts';
import { endpointTexts } from './texts.ts';

interface ReplayView {
  readonly view: DevelopersView;
  readonly clock: Clock;
  readonly endpoint: WebhookEndpoint;
  readonly form: ReplayForm;
  readonly faults?: readonly ReplayFault[];
}

/** The form that sends the events of a time to an endpoint again. */
export function replayPage({ view, clock, endpoint, form, faults = [] }: ReplayView): PageNode {
  const { shell } = view;
  const texts = endpointTexts[shell.language];
  const { id } = endpoint;
  const back = `webhooks/${id}`;
  const options = [
    { value: '', text: texts.missed },
    { value: 'failed', text: texts.failed },
    { value: 'pending', text: texts.pending },
    { value: 'succeeded', text: texts.succeeded },
  ];
  const path = `/webhook-endpoints/${id}/replay`;
  return (
    <PartScreen view={view} title={texts.replayTitle} back={{ to: back, text: texts.endpoint }}>
      {faults.length > 0 && <FaultyForm shell={shell} />}
      <form class="card stack" action={developersPath(shell, `${back}/replay`)} method="post">
        <input type="hidden" name="made" value={clock.now} />
        <p>{texts.replayText}</p>
        <div class="cols">
          <Field
            id="since"
            label={texts.since}
            hint={texts.timeHint(clock.timeZone)}
            fault={faults.includes('since') ? texts.sinceFault : null}
            input={{ type: 'datetime-local', value: form.since, required: true }}
          />
          <Field
            id="until"
            label={texts.until}
            hint={texts.untilHint}
            fault={faults.includes('until') ? texts.untilFault : null}
            input={{ type: 'datetime-local', value: form.until }}
          />
          <Select id="status" label={texts.toSend} value={form.status} options={options} />
        </div>
        <div class="row">
          <button class="btn main" type="submit">
            {texts.replayButton}
          </button>
          <a class="btn" href={developersPath(shell, back)}>
            {developersTexts[shell.language].cancel}
          </a>
        </div>
      </form>
      <Curl
        view={view}
        request={{ method: 'POST', path, body: bodyOfReplay(form, clock) }}
        scope="service.payments.webhooks.write"
      />
    </PartScreen>
  );
}
