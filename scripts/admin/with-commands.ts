/** What the Worker's messages say of the API, and the commands and options that do the same. The longer ones first. */
const COMMANDS: readonly (readonly [ofApi: string, ofCommands: string])[] = [
  ['POST /account/onboarding-links with "start_over": true', '`account onboard --start-over`'],
  ['POST /account/onboarding-links', '`account onboard`'],
  ['POST /account/dashboard-links', '`account dashboard`'],
  ['GET /account', '`account status`'],
  ['With start_over true', 'With --start-over'],
  ['country is required', '--country is required'],
  ['email is required', '--email is required'],
];

/** A message of the Worker with operators' commands in place of the API's routes. */
export function withCommands(message: string): string {
  return COMMANDS.reduce((text, [ofApi, ofCommands]) => text.replaceAll(ofApi, ofCommands), message);
}
