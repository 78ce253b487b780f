import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { codeBlock } from '../../support/sdk-readme.ts';
import { requestOf, VECTORS } from '../../support/webhook-vectors.ts';

/** Python 3.10 or newer, as the guide asks for; else null. */
function python(): string | null {
  const recent = 'import sys; sys.exit(sys.version_info < (3, 10))';
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', recent]).status === 0) ?? null;
}

/** After the guide's code: a clock that stands, and the outcome of each request on standard input. */
const HARNESS = `
import base64, json, sys

for request in json.load(sys.stdin):
    time.time = lambda: float(request["now"])
    body = base64.b64decode(request["body"])
    accepted = is_from_softsolz(body, request["header"], request["secret"])
    print("accepted" if accepted is True else "refused" if accepted is False else repr(accepted))
`;

const requests = VECTORS.map((vector) => {
  const { body, headers } = requestOf(vector);
  const header = new Headers(headers).get('Softsolz-Signature');
  return { body: body.toString('base64'), header, secret: vector.secrets[0], now: vector.now };
});

describe("the guide's Python", () => {
  const command = python();

  it('is in the guide once', () => {
    expect(codeBlock('python', 'def is_from_softsolz')).toContain('hmac.compare_digest');
  });

  if (command !== null) {
    it('has the outcome of every vector', () => {
      const { stdout, stderr } = spawnSync(command, ['-c', codeBlock('python', 'def is_from_softsolz') + HARNESS], {
        input: JSON.stringify(requests),
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      const outcomes = stdout.trim().split('\n');
      expect(VECTORS.map(({ name }, index) => [name, outcomes[index]])).toEqual(
        VECTORS.map(({ name, last_v1 }) => [name, last_v1]),
      );
    });
  }
});
