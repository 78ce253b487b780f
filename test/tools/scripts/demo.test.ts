import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { call } from '../../../scripts/demo/local-api.ts';
import { expectThat, StepFailure, stepRunner } from '../../../scripts/demo/steps.ts';
import { styleFor } from '../../../scripts/local/style.ts';

describe('steps of the demo', () => {
  it('print one line each, and let nothing follow a step that failed', async () => {
    const lines: string[] = [];
    const step = stepRunner((line) => lines.push(line), styleFor(process.stdout));
    await expect(step('First', async () => ({ value: 7, note: 'fine' }))).resolves.toBe(7);
    const failing = step('Second', async () => {
      expectThat(1 > 2, 'one is not more than two');
      return { value: null, note: '' };
    });
    await expect(failing).rejects.toBeInstanceOf(StepFailure);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/✓.*First.*fine/);
    expect(lines[1]).toMatch(/✗.*Second.*one is not more than two/);
  });
});

describe('a call of the demo', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function serve(status: number, body: string): Promise<string> {
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    return `http://127.0.0.1:${address.port}/`;
  }

  it('answers the checked body', async () => {
    const url = await serve(200, '{"n":1}');
    await expect(call(z.object({ n: z.int() }), { url, expected: 200 })).resolves.toEqual({ n: 1 });
  });

  it('is a failed step for another status, another shape, and nobody there', async () => {
    const schema = z.object({ n: z.int() });
    const wrongStatus = await serve(503, '{"error":"down"}');
    await expect(call(schema, { url: wrongStatus, expected: 200 })).rejects.toThrow(/answered 503, not 200.*down/);
    const wrongShape = await serve(200, '{"n":"one"}');
    await expect(call(schema, { url: wrongShape, expected: 200 })).rejects.toBeInstanceOf(StepFailure);
    await expect(call(schema, { url: 'http://127.0.0.1:9/', expected: 200 })).rejects.toBeInstanceOf(StepFailure);
  });
});
