/** Cloudflare's human check as the worker tests have it: the proof "good" is valid under the secret "turnstile-secret". */
export const TURNSTILE = {
  verifyUrl: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  variables: { TURNSTILE_SITE_KEY: 'turnstile-site', TURNSTILE_SECRET_KEY: 'turnstile-secret' },
  validProof: 'good',
} as const;

/** Answers a verification in Cloudflare's shape (developers.cloudflare.com/turnstile). */
export async function answerTurnstile(request: Request): Promise<Response> {
  const asked = new URLSearchParams(await request.text());
  const faults = [
    ...(asked.get('secret') === TURNSTILE.variables.TURNSTILE_SECRET_KEY ? [] : ['invalid-input-secret']),
    ...(asked.get('response') === TURNSTILE.validProof ? [] : ['invalid-input-response']),
  ];
  return Response.json({ success: faults.length === 0, 'error-codes': faults });
}
