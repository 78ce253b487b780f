import * as z from 'zod';
import { askWorker, pathOfWorkspace } from './ask-worker.ts';
import { type Command, type CommandInput, parameter } from './command.ts';
import type { Place } from './place.ts';
import { titledTable } from './present.ts';

const requestsSchema = z.array(
  z.object({
    at: z.string(),
    method: z.string(),
    route: z.string(),
    status: z.number().nullable(),
    code: z.string().nullable(),
    key_id: z.string(),
    request_id: z.string(),
  }),
);

const keyUsesSchema = z.array(z.object({ key_id: z.string(), last_used_at: z.string() }));

export const OPERATOR_TOKEN = 'With --remote this needs OPERATOR_TOKEN in the environment.';

/** Asks the Worker for something of the workspace that the command names. */
async function ofWorkspace(place: Place, input: CommandInput, what: string): Promise<unknown> {
  const { data } = await askWorker(place, pathOfWorkspace(parameter(input, 0), what));
  return data;
}

/** The members of a value, each with its path, for example `quarantine.count`. */
function flat(value: unknown, path: string): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  const members = Object.entries(value);
  if (members.length === 0) return [[path, 'none']];
  return members.flatMap(([name, member]) => flat(member, path === '' ? name : `${path}.${name}`));
}

export const workerCommands: readonly Command[] = [
  {
    words: 'request list',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Lists the last hundred requests with secret keys of a workspace, newest first.',
    details: `The Worker reads them from the gate of the workspace. ${OPERATOR_TOKEN}`,
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    ask: async ({ place }, input) => {
      const requests = requestsSchema.parse(await ofWorkspace(place, input, 'requests'));
      const text = titledTable(
        requests,
        [
          ['at', ({ at }) => at],
          ['request', ({ method, route }) => `${method} ${route.replace(/^\/api\/v1\/services\/payments/, '')}`, 44],
          ['status', ({ status, code }) => [status ?? '…', code].filter(Boolean).join(' '), 32],
        ],
        ({ request_id: id, key_id: key }) => [id, key],
      );
      return { json: requests, text: text || 'No requests yet.' };
    },
  },
  {
    words: 'key uses',
    parameters: ['<workspace-id>'],
    options: [],
    summary: 'Shows when each secret key of a workspace was last used, the latest first.',
    details: `A key that was never used is left out. ${OPERATOR_TOKEN}`,
    example: '6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10',
    ask: async ({ place }, input) => {
      const uses = keyUsesSchema.parse(await ofWorkspace(place, input, 'key-uses'));
      const text = titledTable(uses, [
        ['key', ({ key_id: id }) => id],
        ['last used', ({ last_used_at: at }) => at],
      ]);
      return { json: uses, text: text || 'No key was used yet.' };
    },
  },
  {
    words: 'drift',
    parameters: [],
    options: [],
    summary: 'Shows how far the service is behind, as /health/drift does.',
    details: `${OPERATOR_TOKEN} The exit code is 1 where the Worker reports that a number is too high.`,
    example: '',
    ask: async ({ place, style }) => {
      const { status, data } = await askWorker(place, '/health/drift');
      const isAlarm = status !== 200;
      const lines = titledTable(flat(data, ''), [
        ['what', ([name]) => name, 48],
        ['value', ([, value]) => value],
      ]);
      const text = isAlarm ? `${lines}\n${style.bad('✘')} The Worker reports that something is too far behind.` : lines;
      return { json: data, text, isAlarm };
    },
  },
];
