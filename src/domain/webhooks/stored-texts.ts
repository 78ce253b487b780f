/** Why an endpoint is disabled, as it is stored and as `webhook.endpoint.disabled` says it. */
export const DISABLED_REASONS = {
  byOwner: 'Disabled by the workspace.',
  gone: 'The endpoint answered 410 Gone.',
  failing: 'Every delivery failed for 5 days.',
} as const;

/** What the error of an attempt without an answer begins with. */
export const ATTEMPT_ERRORS = {
  timeout: 'timeout',
  failed: 'connection failed',
  notSent: 'not sent',
} as const;
