import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { RETRY_DELAYS_SECONDS } from '../../../src/core/schedules.ts';
import { EVENT_DATA } from '../../../src/domain/webhooks/event-schemas.ts';

const PATH = resolve(import.meta.dirname, '../../../docs/webhook-events.md');
const GUIDE = readFileSync(PATH, 'utf8');

const envelope = z.strictObject({
  id: z.string().regex(/^evt_0[0-9a-f]{32}$/),
  type: z.string(),
  created_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  tenant_id: z.uuid(),
  data: z.record(z.string(), z.unknown()),
});

/** The section of each type, by its heading. */
const SECTIONS = new Map(
  GUIDE.split(/^### /m)
    .slice(1)
    .map((section) => [/^`([a-z.]+)`$/m.exec(section)?.[1] ?? section, section] as const),
);

/** An anchor as GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

describe('The guide to webhook events', () => {
  it('has a section for every type, and for nothing else', () => {
    expect([...SECTIONS.keys()].toSorted()).toEqual(Object.keys(EVENT_DATA).toSorted());
  });

  it.each(Object.entries(EVENT_DATA))('shows all of %s, and what it shows is what is sent', (type, schema) => {
    const blocks = [...(SECTIONS.get(type) ?? '').matchAll(/```json\n(.*?)```/gs)].map(([, json]) => String(json));
    expect(blocks).toHaveLength(1);
    const example = envelope.parse(JSON.parse(String(blocks[0])));
    expect(example.type).toBe(type);
    expect(() => schema.parse(example.data)).not.toThrow();
    expect(Object.keys(example.data)).toEqual(Object.keys(schema.def.shape));
  });

  it('gives every example an id of its own', () => {
    const ids = [...GUIDE.matchAll(/"id": "(evt_\w+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(Object.keys(EVENT_DATA).length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lists every type with a link to its section', () => {
    const listed = [...GUIDE.matchAll(/^\| \[`([a-z.]+)`\]\(#([a-z]+)\) \|/gm)].map(([, type, anchor]) => [
      type,
      anchor,
    ]);
    expect(listed).toEqual(expect.arrayContaining(Object.keys(EVENT_DATA).map((type) => [type, anchorOf(type)])));
    expect(listed).toHaveLength(Object.keys(EVENT_DATA).length);
  });

  it('has the retry schedule that is in force', () => {
    const seconds = { s: 1, min: 60, h: 3600 } as const;
    const rows = [...GUIDE.matchAll(/^\| (\d+) \| (\d+) (s|min|h) \|$/gm)].map(([, attempt, count, unit]) => {
      const [, scale = Number.NaN] = Object.entries(seconds).find(([name]) => name === unit) ?? [];
      return [Number(attempt), Number(count) * scale];
    });
    expect(rows).toEqual(RETRY_DELAYS_SECONDS.slice(1).map((delay, index) => [index + 2, delay]));
  });

  it('links to files that are there', () => {
    const links = [...GUIDE.matchAll(/\]\((\.\.?\/[^)#]+)\)/g)].map(([, path]) => String(path));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(existsSync(resolve(PATH, '..', link)), link).toBe(true);
  });
});
