import type { Style } from '../local/style.ts';
import { COMMANDS, usageOf } from './command-line.ts';

const WIDTH = 80;
const NO_BREAK = '\u00a0';

/** Text in lines of at most 80 columns, each indented. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

/** An option stays on one line with its value. */
function keepTogether(usage: string): string {
  return usage.replaceAll(/\[[^\]]*\]/g, (option) => option.replaceAll(' ', NO_BREAK));
}

/** Every command with its usage. */
export function helpText(style: Style): string {
  const commands = COMMANDS.map((command) => {
    const usage = wrap(keepTogether(usageOf(command)), '  ')
      .replaceAll(NO_BREAK, ' ')
      .replace(command.words, style.bold(command.words));
    return `${usage}\n${style.dim(wrap(command.summary, '      '))}`;
  });
  return [
    'npm run admin -- <command> [--remote | --persist-to <directory>] [--json]',
    ...commands,
    [
      wrap('Works on the local database of STATE_DIR (.wrangler/state), also while `npm start` runs.', '  '),
      wrap('--remote: on the deployed one, after `npx wrangler login` or with CLOUDFLARE_API_TOKEN.', '  '),
      wrap('--json: one JSON value on stdout; errors as {"error":{code,message}} on stderr.', '  '),
    ].join('\n'),
  ].join('\n\n');
}
