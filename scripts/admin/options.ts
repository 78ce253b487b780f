/** An option of commands. */
export interface OptionDescription {
  /** What stands for the value in the help. Not set: it is a switch, without a value. */
  readonly value?: string;
  readonly about: string;
  /** True: it may be given several times, or once with a list that is separated by commas. */
  readonly isList?: boolean;
}

/** The options of commands. */
export const COMMAND_OPTIONS = {
  workspace: { value: '<workspace-id>', about: 'The workspace. The same as the first value after the command.' },
  name: { value: '<name>', about: 'A name for people.' },
  shard: { value: '<0-9>', about: 'The database. `database list` shows all.' },
  kind: { value: 'secret|public', about: 'secret, the default: for servers. public: for the widget in a page.' },
  scope: { value: '<scope>', about: 'What a secret key may do. The default is service.payments.*', isList: true },
  origin: { value: '<origin>', about: 'The origin of a page that may use a public key.', isList: true },
  rate: { value: '<per minute>', about: 'How many requests a minute the key may send. The default is 60.' },
  status: { value: '<status>', about: 'Only rows with this status, as answers show it.' },
  country: { value: '<code>', about: 'The country of the business, such as GB. It can never be changed.' },
  email: { value: '<address>', about: 'An e-mail address: that of the business for Stripe, or of a person.' },
  role: { value: '<role>', about: 'viewer, developer, admin or owner. The default is owner.' },
  'start-over': { about: 'Make a new account in place of one that cannot take payments.' },
  'payment-link': { value: '<lnk_…>', about: 'Only payments of this link.' },
  reference: { value: '<reference>', about: 'Only payments with exactly this reference.' },
  'customer-email': { value: '<address>', about: 'Only payments of this buyer, in upper or lower case.' },
  'payment-id': { value: '<id>', about: 'Only rows of this payment.' },
  type: { value: '<type>', about: 'Only events of this type.' },
  object: { value: '<id>', about: 'Only entries about the object with this id.' },
  'created-after': { value: '<time>', about: 'Created at this time or later, such as 2026-05-19T00:00:00Z.' },
  'created-before': { value: '<time>', about: 'Created earlier than this time.' },
  limit: { value: '<1-100>', about: 'How many rows to show. The default is 50.' },
  cursor: { value: '<cursor>', about: 'Where to go on: the list before has shown it.' },
} as const satisfies Readonly<Record<string, OptionDescription>>;

export type CommandOption = keyof typeof COMMAND_OPTIONS;

/** The options that every command takes. */
export const GLOBAL_OPTIONS: Readonly<Record<string, OptionDescription>> = {
  remote: { about: 'Use the deployed service. Needs `npx wrangler login` or CLOUDFLARE_API_TOKEN.' },
  env: {
    value: '<name>',
    about: 'With --remote: [env.<name>] of wrangler.toml. Else that of CLOUDFLARE_ENV, else production.',
  },
  'persist-to': { value: '<directory>', about: 'Use the local copy in this directory.' },
  json: { about: 'Print one JSON value on stdout; errors as {"error":{code,message}} on stderr.' },
  help: { about: 'Show this help, or that of a command.' },
};

type ValueOf<Option> = Option extends { readonly isList: true }
  ? readonly string[]
  : Option extends { readonly value: string }
    ? string
    : true;

/** The values of the options of a command line. A switch that was not given is not set. */
export type OptionValues = { readonly [O in CommandOption]?: ValueOf<(typeof COMMAND_OPTIONS)[O]> };

/** The option with this name. undefined: commands have no such option. */
export function describedOption(name: string): OptionDescription | undefined {
  return Object.entries(COMMAND_OPTIONS).find(([known]) => known === name)?.[1];
}
