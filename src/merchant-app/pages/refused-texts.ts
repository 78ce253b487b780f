import { inLanguages } from '../language.ts';

/** Why something was not done. */
export const refusedTexts = inLanguages({
  en: {
    nothingHere: 'Nothing is here',
    noMember: 'The address may be mistyped, or you are not in this workspace any more.',
    roleTitle: 'Your role does not allow this',
    role: (role: string, needed: string) =>
      `You are ${role} in this workspace. This needs the role ${needed}. Ask an owner.`,
    proofTitle: 'Confirm that it is you',
    proof: 'Nothing was changed: this needs a code or a passkey that is not older than 10 minutes. Then do it again.',
    confirm: 'Confirm now',
    unfinishedTitle: 'This workspace is not finished yet',
    unfinished: 'Making it was interrupted. Nothing is lost.',
    finish: 'Finish it now',
    askOwner: 'Ask an owner to open it, and to finish it.',
    notSetUpTitle: 'This installation takes no live payments yet',
    notSetUp: 'Its operators have not set up live payments. Everything can be tried in the sandbox.',
    toSandbox: 'Go to the sandbox',
    closedTitle: 'This workspace is closed',
    closed:
      'Nothing was changed. Payments stay readable. Refund in your Stripe dashboard, or write to the operators to open it again.',
  },
  de: {
    nothingHere: 'Hier ist nichts',
    noMember: 'Die Adresse ist vielleicht falsch, oder Sie gehören nicht mehr zu diesem Workspace.',
    roleTitle: 'Ihre Rolle erlaubt das nicht',
    role: (role: string, needed: string) =>
      `Sie sind ${role} in diesem Workspace. Hierfür ist die Rolle ${needed} nötig. Fragen Sie einen Inhaber.`,
    proofTitle: 'Bestätigen Sie, dass Sie es sind',
    proof:
      'Nichts wurde geändert: Hierfür ist ein Code oder Passkey nötig, der nicht älter als 10 Minuten ist. Danach wiederholen Sie es.',
    confirm: 'Jetzt bestätigen',
    unfinishedTitle: 'Dieser Workspace ist noch nicht fertig',
    unfinished: 'Das Anlegen wurde unterbrochen. Nichts ist verloren.',
    finish: 'Jetzt fertigstellen',
    askOwner: 'Bitten Sie einen Inhaber, ihn zu öffnen und fertigzustellen.',
    notSetUpTitle: 'Diese Installation nimmt noch keine Live-Zahlungen an',
    notSetUp: 'Die Betreiber haben Live-Zahlungen nicht eingerichtet. In der Sandbox lässt sich alles ausprobieren.',
    toSandbox: 'Zur Sandbox',
    closedTitle: 'Dieser Workspace ist geschlossen',
    closed:
      'Nichts wurde geändert. Zahlungen bleiben lesbar. Erstatten Sie in Ihrem Stripe-Dashboard, oder schreiben Sie den Betreibern, um ihn wieder zu öffnen.',
  },
});
