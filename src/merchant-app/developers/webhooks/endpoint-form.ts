import { newFormId } from '../../../core/ids.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import { formIdIn } from '../../form.ts';

const ALL = '*';

/** What stands in the form for an endpoint. */
export interface EndpointForm {
  readonly formId: string;
  readonly url: string;
  /** `all`: the ticks count for nothing. */
  readonly which: 'all' | 'some';
  readonly ticked: readonly string[];
  readonly description: string;
}

/** The members of the form that were refused. */
export type EndpointFault = 'url' | 'events' | 'description';

/** An empty form. */
export function emptyEndpointForm(): EndpointForm {
  return { formId: newFormId(), url: '', which: 'all', ticked: [], description: '' };
}

/** The form with what is stored of an endpoint. */
export function formOfEndpoint({ url, events, description }: WebhookEndpoint): EndpointForm {
  const which = events.includes(ALL) ? 'all' : 'some';
  return { ...emptyEndpointForm(), url, which, ticked: events, description: description ?? '' };
}

/** The form as it was sent. */
export function readEndpointForm(fields: URLSearchParams): EndpointForm {
  return {
    formId: formIdIn(fields) ?? newFormId(),
    url: (fields.get('url') ?? '').trim(),
    which: fields.get('which') === 'some' ? 'some' : 'all',
    ticked: fields.getAll('event'),
    description: (fields.get('description') ?? '').trim(),
  };
}

/** The body of a request to the API with what the form says. */
export function bodyOfForm({ url, which, ticked, description }: EndpointForm) {
  const events = which === 'all' ? [ALL] : EVENT_TYPES.filter((type) => ticked.includes(type));
  return { url, events, description: description === '' ? null : description };
}

interface Refusal {
  readonly issues: readonly { readonly path: readonly PropertyKey[] }[];
}

/** The members at fault. */
export function faultsOf({ issues }: Refusal): EndpointFault[] {
  const members = ['url', 'events', 'description'] as const;
  return members.filter((member) => issues.some(({ path }) => path[0] === member));
}
