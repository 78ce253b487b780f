import type { Child } from 'hono/jsx';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import { type ApiRequest, Curl } from '../../pages/curl.tsx';
import { Field } from '../../pages/field.tsx';
import type { PageNode } from '../../pages/layout.tsx';
import { Choice } from '../choice.tsx';
import { eventTypeTexts } from '../event-type-texts.ts';
import { type DevelopersView, developersPath, FaultyForm, PartScreen } from '../frame.tsx';
import { developersTexts } from '../texts.ts';
import type { EndpointFault, EndpointForm } from './endpoint-form.ts';
import { endpointTexts } from './texts.ts';

interface FormView {
  readonly view: DevelopersView;
  readonly form: EndpointForm;
  readonly faults?: readonly EndpointFault[];
}

/** The form for a new endpoint. */
export function newEndpointPage({ view, form, faults = [] }: FormView): PageNode {
  const { language } = view.shell;
  const texts = endpointTexts[language];
  const body = { url: 'https://hooks.example.com/payments', events: ['*'] };
  return (
    <PartScreen view={view} title={texts.newTitle} back={{ to: 'webhooks', text: texts.endpoints }}>
      <Form view={view} form={form} faults={faults} to="webhooks" back="webhooks" button={texts.add} />
      <Curl
        view={view}
        request={{ method: 'POST', path: '/webhook-endpoints', body }}
        scope="service.payments.webhooks.write"
      />
    </PartScreen>
  );
}

/** The form with an endpoint that exists. */
export function editEndpointPage({ view, form, faults = [], id }: FormView & { readonly id: string }): PageNode {
  const texts = endpointTexts[view.shell.language];
  const to = `webhooks/${id}`;
  const request: ApiRequest = {
    method: 'PATCH',
    path: `/webhook-endpoints/${id}`,
    body: { events: ['payments.payment.succeeded'] },
  };
  return (
    <PartScreen view={view} title={texts.editTitle} back={{ to, text: texts.endpoint }}>
      <Form view={view} form={form} faults={faults} to={`${to}/edit`} back={to} button={texts.save} />
      <Curl view={view} request={request} scope="service.payments.webhooks.write" />
    </PartScreen>
  );
}

interface FieldsView extends Required<FormView> {
  readonly to: string;
  readonly back: string;
  readonly button: string;
}

function Form({ view: { shell }, form, faults, to, back, button }: FieldsView): Child {
  const texts = endpointTexts[shell.language];
  const urlFault = form.url.startsWith('http:') ? texts.urlHttp : texts.urlFault;
  return (
    <>
      {faults.length > 0 && <FaultyForm shell={shell} />}
      <form class="card stack" action={developersPath(shell, to)} method="post">
        <input type="hidden" name="form" value={form.formId} />
        <Field
          id="url"
          label={texts.url}
          hint={texts.urlHint}
          fault={faults.includes('url') ? urlFault : null}
          input={{ value: form.url, inputmode: 'url', required: true, autocomplete: 'off', spellcheck: 'false' }}
        />
        <EventChoices view={{ shell }} form={form} fault={faults.includes('events') ? texts.eventsFault : null} />
        <Field
          id="description"
          label={texts.description}
          hint={texts.descriptionHint}
          fault={faults.includes('description') ? texts.descriptionFault : null}
          input={{ value: form.description, maxlength: 250, autocomplete: 'off' }}
        />
        <div class="row">
          <button class="btn main" type="submit">
            {button}
          </button>
          <a class="btn" href={developersPath(shell, back)}>
            {developersTexts[shell.language].cancel}
          </a>
        </div>
      </form>
    </>
  );
}

interface EventsView {
  readonly view: Pick<DevelopersView, 'shell'>;
  readonly form: EndpointForm;
  readonly fault: string | null;
}

function EventChoices({ view: { shell }, form, fault }: EventsView): Child {
  const texts = endpointTexts[shell.language];
  return (
    <fieldset class={fault === null ? 'field' : 'field bad'}>
      <legend>{texts.which}</legend>
      {fault !== null && <p class="error">{fault}</p>}
      <Choice type="radio" name="which" value="all" isChosen={form.which === 'all'} isAll>
        {texts.all}
      </Choice>
      <Choice type="radio" name="which" value="some" isChosen={form.which === 'some'}>
        {texts.some}
      </Choice>
      <div class="picks cols">
        {EVENT_TYPES.map((type) => (
          <Choice type="checkbox" name="event" value={type} isChosen={form.ticked.includes(type)}>
            {eventTypeTexts[shell.language][type]}
            <small class="mono">{type}</small>
          </Choice>
        ))}
      </div>
    </fieldset>
  );
}
