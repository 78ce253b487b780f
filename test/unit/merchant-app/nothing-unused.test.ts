import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const APP = resolve(import.meta.dirname, '../../../src/merchant-app');

const names = readdirSync(APP, { recursive: true, encoding: 'utf8' });
const read = (name: string) => readFileSync(join(APP, name), 'utf8');
const sources = names.filter((name) => /\.tsx?$/.test(name)).map((name) => ({ name, text: read(name) }));
const everything = sources.map(({ text }) => text).join('\n');
const styles = names.filter((name) => name.endsWith('.css')).map((name) => read(name).replaceAll(/\/\*.*?\*\//gs, ''));

/** The classes that have a rule in a style sheet. */
const selectors = styles.join('\n').replaceAll(/\{[^{}]*\}/g, ';');
const ruled = new Set([...selectors.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name));

/** Texts that are found by a code of the service, whose type names all of them. */
const BY_CODE = ['eventTypeTexts', 'scopeTexts', 'codeTexts', 'refusalTexts', 'teamRefusalTexts', 'roleTexts'];

it('has a rule only for classes that a page has', () => {
  const words = new Set(
    [...everything.matchAll(/["'`]([^"'`\n]*)["'`]/g)].flatMap(([, text = '']) => text.split(/[^\w-]+/)),
  );
  expect(ruled.size).toBeGreaterThan(50);
  expect([...ruled].filter((name) => !words.has(name))).toEqual([]);
});

it('gives a page only classes that have a rule', () => {
  const written = [...everything.matchAll(/class="([^"]*)"/g)].flatMap(([, text = '']) => text.split(' '));
  expect([...new Set(written)].filter((name) => !ruled.has(name))).toEqual([]);
});

it('has only texts that a page shows', () => {
  const unused = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/const (\w+) = inLanguages[\s\S]*?\n {2}en: \{\n([\s\S]*?)\n {2}\},\n/g)].flatMap(
      ([, texts = '', english = '']) => {
        if (BY_CODE.includes(texts)) return [];
        const users = sources.filter((one) => one.text.includes(texts)).map((one) => one.text.replaceAll(english, ''));
        const keys = [...english.matchAll(/^ {4}(\w+)[:(]/gm)].map(([, key = '']) => key);
        const isUsed = (key: string) =>
          users.some((user) => new RegExp(`\\.${key}\\b|[{,] ${key}[ ,}]`).test(user)) ||
          everything.includes(`'${key}'`);
        return keys.filter((key) => !isUsed(key)).map((key) => `${name}: ${key}`);
      },
    ),
  );
  expect(unused).toEqual([]);
});
