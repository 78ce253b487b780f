import { inLanguages } from '../language.ts';

/** The settings of a workspace. */
export const settingsTexts = inLanguages({
  en: { title: 'Settings', business: 'Business', stripe: 'Stripe', audit: 'Audit log' },
  de: { title: 'Einstellungen', business: 'Unternehmen', stripe: 'Stripe', audit: 'Protokoll' },
});
