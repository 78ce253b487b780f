import type * as z from 'zod/mini';
import type { Page, PageRequest } from '../../src/core/paging.ts';
import type { Context } from '../../src/domain/context.ts';
import { listAnswer } from '../../src/http/api/paging.ts';
import { type Command, type CommandInput, parameter, usageError } from './command.ts';
import type { CommandOption, OptionValues } from './options.ts';
import { type Column, titledTable } from './present.ts';
import { workspaceContext } from './shards.ts';

/** The query of a list in the API, as its schema returns it. */
export interface ListQuery<Filter, Place> {
  readonly filter: Filter;
  readonly page: PageRequest<Place>;
}

interface ListCommand<Filter, Place, Item, Answer> {
  readonly words: string;
  /** Further parameters after `<workspace-id>`. */
  readonly parameters?: readonly string[];
  /** The options that filter the list. `--limit` and `--cursor` are added. */
  readonly filters: readonly CommandOption[];
  readonly summary: string;
  readonly details?: string;
  readonly example: string;
  /** The schema of the API's query, whose members have the names of the options. */
  readonly query: z.ZodMiniType<ListQuery<Filter, Place>>;
  read(context: Context, query: ListQuery<Filter, Place>, input: CommandInput): Promise<Page<Item>>;
  present(item: Item, context: Context): Answer;
  readonly columns: readonly Column<Answer>[];
  /** Ids that are too long for a column. */
  readonly idsOf?: (answer: Answer) => readonly string[];
}

/**
 * A command that lists rows of one workspace, newest first. Filters and JSON are those of the API. Text shows a table,
 * and how to go on after the last row.
 */
export function listCommand<Filter, Place, Item, Answer>(list: ListCommand<Filter, Place, Item, Answer>): Command {
  const { words, parameters = [], filters, summary, details, example } = list;
  return {
    words,
    parameters: ['<workspace-id>', ...parameters],
    options: [...filters, 'limit', 'cursor'],
    summary,
    ...(details === undefined ? {} : { details }),
    example: `6c1b0d4e-8a55-4d6d-9d4f-0b6b7a2c6f10 ${example}`,
    run: async (tools, input) => {
      const query = queryOf(list.query, input.options);
      const context = await workspaceContext(tools, parameter(input, 0));
      const page = await list.read(context, query, input);
      const answer = listAnswer(page, query.page, (item) => list.present(item, context));
      const rows = titledTable(answer.data, list.columns, list.idsOf) || 'Nothing is listed.';
      const more = page.nextCursor === null ? '' : `\n${tools.style.dim(`More: add --cursor ${page.nextCursor}`)}`;
      return { json: answer, text: `${rows}${more}` };
    },
  };
}

/** The query that the options make. Throws ScriptError with all faults; they name the options. */
export function queryOf<Query>(schema: z.ZodMiniType<Query>, options: OptionValues): Query {
  const { workspace: _, ...rest } = options;
  const sent = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name.replaceAll('-', '_'), value]));
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => asOption(message, String(path[0] ?? '')));
  throw usageError(faults.join(' '));
}

/** A message of the API with the option in place of its member: `created_after must …` is `--created-after must …`. */
function asOption(message: string, member: string): string {
  return message.replace(member, `--${member.replaceAll('_', '-')}`).replace(/ In a query, write .*$/, '');
}
