import { parseArgs } from 'node:util';
import { closest, didYouMean } from './closest.ts';
import { type Command, type CommandInput, usageError } from './command.ts';
import { COMMANDS } from './commands.ts';
import { usageOf } from './help.ts';
import { COMMAND_OPTIONS, describedOption, GLOBAL_OPTIONS, type OptionValues } from './options.ts';
import type { PlaceOptions } from './place.ts';

/** What the operator has typed. */
export interface CommandLine {
  /** The command to run, or whose help to show. null: the help of all commands, or of those of `family`. */
  readonly command: Command | null;
  /** The first word of the commands whose help is shown, such as `key`. null: of all commands. */
  readonly family: string | null;
  /** null: the help is shown. */
  readonly input: CommandInput | null;
  readonly place: PlaceOptions;
}

interface Words {
  readonly positionals: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly switches: ReadonlySet<string>;
}

const OPTIONS = { ...GLOBAL_OPTIONS, ...COMMAND_OPTIONS };
const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['-h', '--help'],
  ['-e', '--env'],
]);
const OPTION_NAMES = Object.keys(OPTIONS);
const valueText = (name: string) => (describedOption(name) ?? GLOBAL_OPTIONS[name])?.value;
const takesValue = (name: string) => valueText(name) !== undefined;

/** Splits words into options and the rest. Options may be anywhere, as `--rate 60` or `--rate=60`. */
function split(words: readonly string[]): Words {
  const options = Object.fromEntries(
    OPTION_NAMES.map((name) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
  );
  const { tokens } = parseArgs({
    args: words.map((word) => SHORT_FORMS.get(word) ?? word),
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value } = token;
    if (takesValue(name)) values.set(name, [...(values.get(name) ?? []), givenValue(token)]);
    else if (!OPTION_NAMES.includes(name)) throw unknownOption(token.rawName);
    else if (value === undefined) switches.add(name);
    else throw usageError(`--${name} takes no value.`);
  }
  return { positionals, values, switches };
}

function givenValue(token: { readonly name: string; readonly value?: string; readonly inlineValue?: boolean }): string {
  const { name, value, inlineValue } = token;
  // `--rate --json`: the next option is no value. A value that begins with a dash is written `--name=-x`.
  const isMissing = value === undefined || value === '' || (!inlineValue && value.startsWith('--'));
  if (!isMissing) return value;
  throw usageError(`--${name} needs a value: --${name} ${valueText(name)}.`);
}

function unknownOption(rawName: string): Error {
  const hint = didYouMean(rawName.replace(/^-+/, ''), OPTION_NAMES, (name) => `--${name}`);
  return usageError(`There is no option ${rawName}.${hint} \`npm run admin -- --help\` shows all commands.`);
}

/**
 * Parses the words after `npm run admin --`. Throws ScriptError with the code `usage` that says what is wrong and names
 * the closest command or option.
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const { positionals, values, switches } = split(words);
  const place = placeOptions(values, switches);
  const isHelp = positionals[0] === 'help' || switches.has('help');
  const typed = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  const command = commandOf(typed, isHelp);
  const family = command === null ? (typed[0] ?? null) : null;
  if (command === null || isHelp) return { command, family, input: null, place };
  const rest = typed.slice(command.words.split(' ').length);
  return { command, family, input: inputOf(command, rest, { values, switches }), place };
}

function placeOptions(values: Words['values'], switches: Words['switches']): PlaceOptions {
  const [remote, env, persistTo] = [
    switches.has('remote'),
    values.get('env')?.at(-1),
    values.get('persist-to')?.at(-1),
  ];
  if (remote && persistTo !== undefined)
    throw usageError('--persist-to is for the local database. Leave out --persist-to or --remote.');
  if (!remote && env !== undefined)
    throw usageError('--env is for a deployed database. Add --remote, or leave out --env.');
  return { remote, env, persistTo };
}

/** The command that the words begin with. null: there are no words, and the help of all commands is shown. */
function commandOf(typed: readonly string[], isHelp: boolean): Command | null {
  if (typed.length === 0) return null;
  const named = [typed.slice(0, 2).join(' '), typed[0] ?? ''];
  const found = COMMANDS.find(({ words }) => named.includes(words));
  if (found) return found;
  const [family = ''] = typed;
  const relatives = COMMANDS.filter(({ words }) => words.split(' ')[0] === family).map(({ words }) => words);
  if (isHelp && relatives.length > 0 && typed.length === 1) return null;
  const known = relatives.length > 0 ? ` The commands of ${family} are: ${relatives.join(', ')}.` : '';
  const wanted = named[0] ?? '';
  const all = COMMANDS.map(({ words }) => words);
  const hint = closest(wanted, all) === null ? '' : didYouMean(wanted, all);
  throw usageError(
    `There is no command \`${wanted}\`.${hint || known} \`npm run admin -- --help\` shows all commands.`,
  );
}

const takesWorkspace = ({ parameters: [first] }: Command) => first === '<workspace-id>' || first === '[<workspace-id>]';

function inputOf(
  command: Command,
  rest: readonly string[],
  { values, switches }: Pick<Words, 'values' | 'switches'>,
): CommandInput {
  const usage = `Usage: ${usageOf(command)}`;
  const [workspace] = values.get('workspace') ?? [];
  const required = command.parameters.filter((name) => !name.startsWith('['));
  const positionals = workspace !== undefined && takesWorkspace(command) ? [workspace, ...rest] : rest;
  if (positionals.length < required.length) {
    const missing = required.slice(positionals.length).join(' ');
    throw usageError(`\`${command.words}\` needs ${missing}. ${usage}`);
  }
  if (positionals.length > command.parameters.length) {
    const extra = positionals.slice(command.parameters.length).join(' ');
    throw usageError(`\`${command.words}\` does not take \`${extra}\`. ${usage}`);
  }
  refuseOptions(command, { values, switches }, usage);
  return { positionals, options: optionValues({ values, switches }) };
}

/** Throws for an option that the command does not have, that was given twice, or that is missing. */
function refuseOptions(
  command: Command,
  { values, switches }: Pick<Words, 'values' | 'switches'>,
  usage: string,
): void {
  const own: readonly string[] = [...(takesWorkspace(command) ? ['workspace'] : []), ...command.options];
  for (const name of [...values.keys(), ...switches]) {
    if (Object.hasOwn(GLOBAL_OPTIONS, name)) continue;
    if (!own.includes(name)) throw usageError(`\`${command.words}\` has no option --${name}. ${usage}`);
    const isTwice = (values.get(name)?.length ?? 0) > 1;
    if (isTwice && !describedOption(name)?.isList) throw usageError(`--${name} may be given once.`);
  }
  const missing = command.required?.find((name) => !values.has(name));
  if (missing !== undefined) throw usageError(`\`${command.words}\` needs --${missing}. ${usage}`);
}

function optionValues({ values, switches }: Pick<Words, 'values' | 'switches'>): OptionValues {
  const given = [...values].map(([name, texts]) => [name, describedOption(name)?.isList ? listOf(texts) : texts[0]]);
  const own = [...switches].filter((name) => describedOption(name) !== undefined);
  return Object.fromEntries([...given, ...own.map((name) => [name, true])]);
}

/** The items of a list option: `--scope a --scope b` is the same as `--scope a,b`. */
function listOf(given: readonly string[]): string[] {
  return given
    .flatMap((text) => text.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
