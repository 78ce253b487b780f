import * as z from 'zod';

const limits = z.looseObject({
  maxLength: z.int().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maxItems: z.int().optional(),
  maxProperties: z.int().optional(),
  propertyNames: z.looseObject({ maxLength: z.int() }).optional(),
  additionalProperties: z.looseObject({ maxLength: z.int() }).optional(),
  items: z.looseObject({ type: z.string() }).optional(),
});
type Limits = z.output<typeof limits>;

/** Stands for a member that is not sent. */
export const ABSENT = Symbol('not sent');

/** Values to try for a member with this schema: null, every type, and both sides of each limit. */
export function valuesFor(schema: unknown): unknown[] {
  const about = limits.parse(schema);
  return [
    ABSENT,
    null,
    5.5,
    'text',
    true,
    ['text'],
    { text: 5 },
    ...textsFor(about),
    ...numbersFor(about),
    ...listsFor(about),
    ...mapsFor(about),
  ];
}

function textsFor({ maxLength, pattern, format }: Limits): string[] {
  if (maxLength === undefined) return [];
  const isFree = pattern === undefined && format === undefined;
  return [
    `https://example.com/${'x'.repeat(maxLength)}`,
    ...(isFree ? ['x'.repeat(maxLength), '😀'.repeat(maxLength + 1)] : []),
  ];
}

function numbersFor({ minimum, maximum, exclusiveMinimum }: Limits): number[] {
  return [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(exclusiveMinimum === undefined ? [] : [exclusiveMinimum]),
  ];
}

function listsFor({ maxItems, items }: Limits): unknown[][] {
  if (maxItems === undefined) return [];
  const entry = (index: number) => (items?.type === 'integer' ? 500 : `https://shop${index}.example`);
  return [[], Array.from({ length: maxItems + 1 }, (_, index) => entry(index))];
}

function mapsFor({ maxProperties, propertyNames, additionalProperties }: Limits): Record<string, unknown>[] {
  if (maxProperties === undefined || !propertyNames || !additionalProperties) return [];
  const filled = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));
  const [name, text] = [propertyNames.maxLength, additionalProperties.maxLength];
  return [
    filled(maxProperties),
    filled(maxProperties + 1),
    { ['k'.repeat(name)]: 'x'.repeat(text) },
    { ['k'.repeat(name + 1)]: 'value' },
    { key: 'x'.repeat(text + 1) },
    { '': 'value' },
  ];
}

/** The same body with another value of one member. */
export function withMember(body: Readonly<Record<string, unknown>>, member: string, value: unknown) {
  const { [member]: _, ...others } = body;
  return value === ABSENT ? others : { ...others, [member]: value };
}
