import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export const SDK_README = readFileSync(resolve(import.meta.dirname, '../../sdk/README.md'), 'utf8');

/** The code block that holds `part`, as a merchant copies it. Throws Error where there is not exactly one. */
export function codeBlock(language: 'js' | 'ts' | 'python', part: string): string {
  const blocks = [...SDK_README.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(
    ([, name, code = '']) => name === language && code.includes(part),
  );
  const [[, , code] = []] = blocks;
  if (blocks.length !== 1 || code === undefined) throw new Error(`${blocks.length} blocks have ${part}.`);
  return code;
}

/** A block of JavaScript as a module; what it imports is taken from `imports`: export name to value, by specifier. */
export async function moduleOf(code: string, imports: Record<string, Record<string, unknown>> = {}): Promise<unknown> {
  let source = code;
  for (const [specifier, members] of Object.entries(imports)) {
    const name = `import of ${specifier}`;
    Reflect.set(globalThis, name, members);
    const lines = Object.keys(members).map((member) =>
      member === 'default'
        ? `export default globalThis['${name}'].default;`
        : `export const ${member} = globalThis['${name}'].${member};`,
    );
    source = source.replaceAll(
      `'${specifier}'`,
      `'data:text/javascript,${encodeURIComponent(lines.join('')).replaceAll("'", '%27')}'`,
    );
  }
  return await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`);
}
