import { inLanguages } from '../../language.ts';
import { PUBLIC_KEY_PLACEHOLDER } from '../../pages/widget-tag.ts';

/** Public keys, for the payment window on a merchant's website. */
export const publicKeyTexts = inLanguages({
  en: {
    title: 'Public keys',
    intro: 'For the payment window on your website. Safe to show: it works only on the websites that you name.',
    create: 'Create a public key',
    worksOn: 'Works on',
    edit: 'Edit',
    noneTitle: 'No public key yet',
    none: 'With a public key your buyers pay in a window on your own website.',

    newTitle: 'Create a public key',
    editTitle: (name: string) => `Public key: ${name}`,
    name: 'Name',
    nameHint: 'For your own lists, such as "Website".',
    nameFault: 'Give the key a name of 1 to 100 visible characters, in one line.',
    origins: 'Websites that may use it',
    originsHint:
      'One per line, such as https://shop.example or https://*.shop.example for all its subdomains. Without a path.',
    sandboxOrigins: 'In the sandbox also http://localhost:3000 or http://localhost:*.',
    originsFault: 'Give 1 to 50 websites, one per line.',
    originFault: (line: string) =>
      `"${line}" cannot be used. Write https://, then the full name of the website, and no path.`,
    makeKey: 'Create key',
    save: 'Save',
    freshTitle: (name: string) => `Your new public key: ${name}`,
    fresh: 'Copy the key or the tag now. We keep only the key’s fingerprint and cannot show it whole again.',
    theKey: 'The public key',
    tag: 'The tag for your website',
    tagHint: 'Put it where the button shall be, with the token of one of your links (lnk_…).',
    tagOld: (key: string) =>
      `Write the key ${key} in place of ${PUBLIC_KEY_PLACEHOLDER}. It was shown when it was made, and we cannot show it whole again.`,
    done: 'I have copied it',

    revoke: 'Revoke',
    revokeTitle: (name: string) => `Revoke ${name}?`,
    revokeText:
      'The payment window stops working on all websites with this key, at once. Payment links are not affected. This cannot be undone.',
    revokeButton: 'Revoke this key',
  },
  de: {
    title: 'Öffentliche Schlüssel',
    intro: 'Für das Zahlungsfenster auf Ihrer Website. Darf jeder sehen: Er gilt nur auf den Websites, die Sie nennen.',
    create: 'Öffentlichen Schlüssel erstellen',
    worksOn: 'Gilt auf',
    edit: 'Bearbeiten',
    noneTitle: 'Noch kein öffentlicher Schlüssel',
    none: 'Mit einem öffentlichen Schlüssel bezahlen Ihre Käufer in einem Fenster auf Ihrer eigenen Website.',

    newTitle: 'Öffentlichen Schlüssel erstellen',
    editTitle: (name: string) => `Öffentlicher Schlüssel: ${name}`,
    name: 'Name',
    nameHint: 'Für Ihre eigenen Listen, etwa „Website“.',
    nameFault: 'Geben Sie dem Schlüssel einen Namen mit 1 bis 100 sichtbaren Zeichen in einer Zeile.',
    origins: 'Websites, die ihn benutzen dürfen',
    originsHint: 'Eine je Zeile, etwa https://shop.example oder https://*.shop.example für alle Subdomains. Ohne Pfad.',
    sandboxOrigins: 'In der Sandbox auch http://localhost:3000 oder http://localhost:*.',
    originsFault: 'Geben Sie 1 bis 50 Websites an, eine je Zeile.',
    originFault: (line: string) =>
      `„${line}“ geht nicht. Schreiben Sie https://, dann den vollen Namen der Website und keinen Pfad.`,
    makeKey: 'Schlüssel erstellen',
    save: 'Speichern',
    freshTitle: (name: string) => `Ihr neuer öffentlicher Schlüssel: ${name}`,
    fresh:
      'Kopieren Sie jetzt den Schlüssel oder das Tag. Wir behalten nur den Fingerabdruck des Schlüssels und können ihn nicht noch einmal ganz zeigen.',
    theKey: 'Der öffentliche Schlüssel',
    tag: 'Das Tag für Ihre Website',
    tagHint: 'Setzen Sie es dorthin, wo der Knopf stehen soll, mit dem Token eines Ihrer Links (lnk_…).',
    tagOld: (key: string) =>
      `Setzen Sie für ${PUBLIC_KEY_PLACEHOLDER} den Schlüssel ${key} ein. Er war zu sehen, als er angelegt wurde, und wir können ihn nicht noch einmal ganz zeigen.`,
    done: 'Ich habe ihn kopiert',

    revoke: 'Widerrufen',
    revokeTitle: (name: string) => `${name} widerrufen?`,
    revokeText:
      'Das Zahlungsfenster funktioniert auf allen Websites mit diesem Schlüssel sofort nicht mehr. Zahlungslinks sind nicht betroffen. Das lässt sich nicht rückgängig machen.',
    revokeButton: 'Diesen Schlüssel widerrufen',
  },
});
