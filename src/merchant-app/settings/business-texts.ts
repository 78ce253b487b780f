import { inLanguages } from '../language.ts';

/** The page of the business profile. Each field: its label, its hint, and what is wrong with it. */
export const businessTexts = inLanguages({
  en: {
    title: 'Business',
    intro: 'Buyers see this on your pay pages and receipts, where a link shows your name.',
    save: 'Save',
    saved: 'Saved. Buyers see it at once.',
    onlyAdmins: 'Admins and owners can change this.',
    otherMode: 'Sandbox and live have a profile each.',
    logo: 'Logo',
    picture: 'Picture',
    logoHint: 'PNG, JPEG or WebP, at most 128 KB and 2,000 pixels wide and high.',
    logoAlt: 'Your logo',
    upload: 'Use this picture',
    removeLogo: 'Remove the logo',
    logoFault: 'Choose a whole PNG, JPEG or WebP picture: upright, not animated, at most 2,000 pixels and 128 KB.',
    fields: {
      display_name: { label: 'Name', hint: 'As buyers know you.', fault: 'Enter a name of 1 to 100 characters.' },
      support_email: {
        label: 'E-mail for buyers',
        hint: 'Where buyers ask about a payment.',
        fault: 'Enter an e-mail address, such as hello@example.com.',
      },
      support_phone: {
        label: 'Phone for buyers',
        hint: 'With the country, such as +44 20 7946 0958.',
        fault: 'Enter a phone number with at least 5 digits, such as +44 20 7946 0958.',
      },
      website: { label: 'Website', hint: '', fault: 'Enter a whole address, such as https://shop.example.com.' },
      terms_url: {
        label: 'Terms of sale',
        hint: '',
        fault: 'Enter a whole address, such as https://shop.example.com.',
      },
      privacy_url: {
        label: 'Privacy policy',
        hint: '',
        fault: 'Enter a whole address, such as https://shop.example.com.',
      },
      refund_policy_url: {
        label: 'Refund policy',
        hint: '',
        fault: 'Enter a whole address, such as https://shop.example.com.',
      },
      brand_color: {
        label: 'Colour of the Pay button',
        hint: 'Where a link has no colour of its own, such as #1d4ed8.',
        fault: 'Enter a colour such as #1d4ed8.',
      },
    },
  },
  de: {
    title: 'Unternehmen',
    intro: 'Käufer sehen das auf Ihren Zahlungsseiten und Belegen, wenn ein Link Ihren Namen zeigt.',
    save: 'Speichern',
    saved: 'Gespeichert. Käufer sehen es sofort.',
    onlyAdmins: 'Admins und Inhaber können das ändern.',
    otherMode: 'Sandbox und live haben je ein eigenes Profil.',
    logo: 'Logo',
    picture: 'Bild',
    logoHint: 'PNG, JPEG oder WebP, höchstens 128 KB und 2.000 Pixel breit und hoch.',
    logoAlt: 'Ihr Logo',
    upload: 'Dieses Bild verwenden',
    removeLogo: 'Logo entfernen',
    logoFault:
      'Wählen Sie ein vollständiges Bild als PNG, JPEG oder WebP: aufrecht, nicht animiert, höchstens 2.000 Pixel und 128 KB.',
    fields: {
      display_name: {
        label: 'Name',
        hint: 'So, wie Käufer Sie kennen.',
        fault: 'Geben Sie einen Namen mit 1 bis 100 Zeichen ein.',
      },
      support_email: {
        label: 'E-Mail für Käufer',
        hint: 'Wohin sich Käufer mit Fragen zu einer Zahlung wenden.',
        fault: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel hallo@example.com.',
      },
      support_phone: {
        label: 'Telefon für Käufer',
        hint: 'Mit Landesvorwahl, zum Beispiel +49 40 1234567.',
        fault: 'Geben Sie eine Telefonnummer mit mindestens 5 Ziffern ein, zum Beispiel +49 40 1234567.',
      },
      website: {
        label: 'Website',
        hint: '',
        fault: 'Geben Sie eine ganze Adresse ein, zum Beispiel https://shop.example.com.',
      },
      terms_url: {
        label: 'Verkaufsbedingungen',
        hint: '',
        fault: 'Geben Sie eine ganze Adresse ein, zum Beispiel https://shop.example.com.',
      },
      privacy_url: {
        label: 'Datenschutzerklärung',
        hint: '',
        fault: 'Geben Sie eine ganze Adresse ein, zum Beispiel https://shop.example.com.',
      },
      refund_policy_url: {
        label: 'Erstattungsregeln',
        hint: '',
        fault: 'Geben Sie eine ganze Adresse ein, zum Beispiel https://shop.example.com.',
      },
      brand_color: {
        label: 'Farbe des Bezahlknopfs',
        hint: 'Wo ein Link keine eigene Farbe hat, zum Beispiel #1d4ed8.',
        fault: 'Geben Sie eine Farbe wie #1d4ed8 ein.',
      },
    },
  },
});

export type BusinessField = keyof (typeof businessTexts)['en']['fields'];
