import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type ApiRequest, curlOf } from '../../../src/merchant-app/pages/curl.tsx';

/** What curl is called with when a shell runs the command. */
function argumentsOf(request: ApiRequest): string[] {
  const command = curlOf('https://pay.example.com', request);
  const script = `curl() { for one in "$@"; do printf '%s\\0' "$one"; done; }; SECRET_KEY=sk_test_x; ${command}`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const URL = 'https://pay.example.com/api/v1/services/payments';
const KEY = ['-H', 'Authorization: Bearer sk_test_x'];

describe('A curl command', () => {
  it('reads, with a query that the shell leaves alone', () => {
    expect(argumentsOf({ path: '/events?type=webhook.ping&limit=1' })).toEqual([
      `${URL}/events?type=webhook.ping&limit=1`,
      ...KEY,
    ]);
  });

  it('sends JSON that arrives as it is, also with quotes', () => {
    const body = { name: `O'Brien's "shop" $HOME \`ls\`` };
    const sent = argumentsOf({ method: 'POST', path: '/public-keys', body });
    expect(sent.slice(0, -1)).toEqual([`${URL}/public-keys`, ...KEY, '-H', 'Content-Type: application/json', '-d']);
    expect(JSON.parse(sent.at(-1) ?? '')).toEqual(body);
  });

  it('names the method where curl would not guess it', () => {
    expect(argumentsOf({ method: 'POST', path: '/x/ping' }).slice(0, 2)).toEqual(['-X', 'POST']);
    expect(argumentsOf({ method: 'PATCH', path: '/x', body: {} }).slice(0, 2)).toEqual(['-X', 'PATCH']);
    expect(argumentsOf({ method: 'DELETE', path: '/x' }).slice(0, 2)).toEqual(['-X', 'DELETE']);
  });
});
