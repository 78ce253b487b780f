import { inLanguages } from '../language.ts';

/** The pages that say what a risky change of a team means, and ask for it once more. */
export const riskTexts = inLanguages({
  en: {
    makeOwner: (email: string) => `Make ${email} an owner?`,
    ownerMeans:
      'Owners can do everything: disconnect Stripe, close the workspace, and change or remove other owners, also you.',
    makeOwnerButton: 'Make owner',
    changeRole: (email: string) => `Change the role of ${email}`,
    changeRoleMeans: 'Invitations that this person has sent for a higher role end.',
    role: 'Role',
    changeRoleButton: 'Change role',
    remove: (email: string) => `Remove ${email}?`,
    removeMeans: 'This person sees and changes nothing here any more, at once. Invitations that they have sent end.',
    removeKeys: 'API keys that they have made keep working. Revoke those that should not.',
    removeButton: 'Remove',
    resend: (email: string) => `Send the invitation of ${email} again?`,
    resendMeans: 'Who accepts it becomes an owner. It is open for 7 days from now on.',
    resendButton: 'Send again',
    revoke: (email: string) => `Withdraw the invitation of ${email}?`,
    revokeMeans: 'The address does not become an owner. You can invite it again.',
    revokeButton: 'Withdraw',
    leave: (workspace: string) => `Leave ${workspace}?`,
    leaveMeans:
      'You see and change nothing here any more, and invitations that you have sent end. Only somebody in the team can invite you again.',
    leaveLast: 'You are the only owner. Make somebody else an owner first, or close the workspace.',
    leaveButton: 'Leave',
    close: (workspace: string) => `Close ${workspace}`,
    closeMeans: 'This closes the sandbox and the live workspace, at once:',
    closeKeys: 'Requests with any of their keys are answered 402.',
    closeLinks: 'Payment links and the widget take no payments.',
    closePayments:
      'Payments stay readable here. Nothing else can be changed but the team. Refund in your Stripe dashboard.',
    closeAgain: 'You cannot open it again. Only the operators can.',
    closeName: 'Name of the workspace',
    closeHint: (workspace: string) => `Type ${workspace}`,
    closeWrong: 'This is not the name of the workspace.',
    closeButton: 'Close workspace',
    closedTitle: 'This workspace is closed',
    closedStays: 'Payments stay readable here. Write to the operators to open it again.',
  },
  de: {
    makeOwner: (email: string) => `${email} zum Inhaber machen?`,
    ownerMeans:
      'Inhaber können alles: Stripe trennen, den Workspace schließen und andere Inhaber ändern oder entfernen, auch Sie.',
    makeOwnerButton: 'Zum Inhaber machen',
    changeRole: (email: string) => `Die Rolle von ${email} ändern`,
    changeRoleMeans: 'Einladungen, die diese Person für eine höhere Rolle gesendet hat, enden.',
    role: 'Rolle',
    changeRoleButton: 'Rolle ändern',
    remove: (email: string) => `${email} entfernen?`,
    removeMeans: 'Diese Person sieht und ändert hier sofort nichts mehr. Einladungen, die sie gesendet hat, enden.',
    removeKeys: 'API-Schlüssel, die sie erstellt hat, gelten weiter. Widerrufen Sie die, die nicht mehr gelten sollen.',
    removeButton: 'Entfernen',
    resend: (email: string) => `Die Einladung von ${email} erneut senden?`,
    resendMeans: 'Wer sie annimmt, wird Inhaber. Sie gilt von jetzt an 7 Tage.',
    resendButton: 'Erneut senden',
    revoke: (email: string) => `Die Einladung von ${email} zurücknehmen?`,
    revokeMeans: 'Die Adresse wird nicht Inhaber. Sie können sie wieder einladen.',
    revokeButton: 'Zurücknehmen',
    leave: (workspace: string) => `${workspace} verlassen?`,
    leaveMeans:
      'Sie sehen und ändern hier nichts mehr, und Einladungen, die Sie gesendet haben, enden. Nur jemand aus dem Team kann Sie wieder einladen.',
    leaveLast:
      'Sie sind der einzige Inhaber. Machen Sie zuerst jemand anderen zum Inhaber, oder schließen Sie den Workspace.',
    leaveButton: 'Verlassen',
    close: (workspace: string) => `${workspace} schließen`,
    closeMeans: 'Das schließt sofort den Sandbox- und den Live-Workspace:',
    closeKeys: 'Anfragen mit jedem ihrer Schlüssel werden mit 402 beantwortet.',
    closeLinks: 'Zahlungslinks und das Widget nehmen keine Zahlungen an.',
    closePayments:
      'Zahlungen bleiben hier lesbar. Außer dem Team lässt sich nichts ändern. Erstatten Sie in Ihrem Stripe-Dashboard.',
    closeAgain: 'Sie können ihn nicht wieder öffnen. Das können nur die Betreiber.',
    closeName: 'Name des Workspace',
    closeHint: (workspace: string) => `Geben Sie ${workspace} ein`,
    closeWrong: 'Das ist nicht der Name des Workspace.',
    closeButton: 'Workspace schließen',
    closedTitle: 'Dieser Workspace ist geschlossen',
    closedStays: 'Zahlungen bleiben hier lesbar. Schreiben Sie den Betreibern, um ihn wieder zu öffnen.',
  },
});

/** Why a team was not changed: a title and a sentence. */
export const teamRefusalTexts = inLanguages({
  en: {
    toTeam: 'Back to the team',
    above_reach: ['This is about an owner', 'Only owners do this, after they have confirmed that it is them.'],
    last_owner: ['The last owner stays', 'A workspace always has an owner. Make somebody else an owner first.'],
    changed_meanwhile: ['Somebody else was faster', 'The same was changed just now. Look at the team, and try again.'],
    not_found: ['Nothing is here', 'This person or invitation is not part of this team any more.'],
  },
  de: {
    toTeam: 'Zurück zum Team',
    above_reach: ['Es geht um einen Inhaber', 'Das tun nur Inhaber, nachdem sie bestätigt haben, dass sie es sind.'],
    last_owner: [
      'Der letzte Inhaber bleibt',
      'Ein Workspace hat immer einen Inhaber. Machen Sie zuerst jemand anderen zum Inhaber.',
    ],
    changed_meanwhile: [
      'Jemand anderes war schneller',
      'Dasselbe wurde gerade geändert. Sehen Sie sich das Team an, und versuchen Sie es erneut.',
    ],
    not_found: ['Hier ist nichts', 'Diese Person oder Einladung gehört nicht mehr zu diesem Team.'],
  },
});
