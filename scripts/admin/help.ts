import type { Style } from '../local/style.ts';
import type { Command } from './command.ts';
import { COMMAND_OPTIONS, type CommandOption, GLOBAL_OPTIONS, type OptionDescription } from './options.ts';

const WIDTH = 80;
const NO_BREAK = '\u00a0';

/** A command with its parameters and options. */
export function usageOf(command: Command): string {
  return [command.words, ...command.parameters, ...command.options.map((name) => optionUsage(command, name))].join(' ');
}

function optionUsage({ required = [] }: Command, name: CommandOption): string {
  const option: OptionDescription = COMMAND_OPTIONS[name];
  const usage = withValue(name, option);
  return required.includes(name) ? usage : `[${usage}]${option.isList ? '…' : ''}`;
}

/** Breaks text into lines of at most 80 columns, each with this indent. */
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
  return [...lines, line].join('\n').replaceAll(NO_BREAK, ' ');
}

/** Keeps each option on one line with its value. */
function keepTogether(usage: string): string {
  return usage.replaceAll(/\[[^\]]*\]|--\S+ <[^>]*>/g, (option) => option.replaceAll(' ', NO_BREAK));
}

const globalLines = () => Object.entries(GLOBAL_OPTIONS).map(([name, option]) => described(name, option));

function described(name: string, option: OptionDescription): string {
  return `  ${withValue(name, option)}\n${wrap(option.about, '      ')}`;
}

const withValue = (name: string, { value }: OptionDescription) => (value ? `--${name} ${value}` : `--${name}`);

/** The help: every command with its parameters and one sentence. */
export function helpText(commands: readonly Command[], style: Style): string {
  const lines = commands.map((command) => {
    const words = [style.bold(command.words), ...command.parameters].join(' ');
    return `  ${words}\n${style.dim(wrap(command.summary, '      '))}`;
  });
  return [
    'npm run admin -- <command> [options]',
    lines.join('\n'),
    ['For all commands:', ...globalLines()].join('\n'),
    [
      wrap('`npm run admin -- <command> --help` shows the options of a command and an example.', ''),
      wrap(
        'Without --remote, commands use the local copy in STATE_DIR (.wrangler/state), also while `npm start` runs.',
        '',
      ),
      'Exit codes: 0 done, 1 failed, 2 wrong command line. More: docs/admin.md',
    ].join('\n'),
  ].join('\n\n');
}

/** The help of one command: usage, options, example. */
export function commandHelp(command: Command, style: Style): string {
  const usage = wrap(keepTogether(usageOf(command)), '  ').replace(command.words, style.bold(command.words));
  const options = command.options.map((name) => described(name, COMMAND_OPTIONS[name]));
  return [
    usage,
    wrap([command.summary, command.details].filter(Boolean).join(' '), ''),
    ...(options.length > 0 ? [['Options:', ...options].join('\n')] : []),
    `Example:\n${exampleOf(command)}`,
  ].join('\n\n');
}

/** The example of a command, to paste into a terminal. A long one goes on in a second line. */
function exampleOf({ words, example }: Command): string {
  const line = `  npm run admin -- ${words} ${example}`.trimEnd();
  return line.length <= WIDTH ? line : `  npm run admin -- ${words} \\\n    ${example}`;
}

/** The same help for programs. */
export function helpJson(commands: readonly Command[]): unknown {
  return commands.map((command) => ({
    command: command.words,
    usage: usageOf(command),
    summary: command.summary,
    details: command.details ?? null,
  }));
}
