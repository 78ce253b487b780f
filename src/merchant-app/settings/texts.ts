import { inLanguages } from '../language.ts';

/** The settings of a workspace. */
export const settingsTexts = inLanguages({
  en: { title: 'Settings', business: 'Business', stripe: 'Stripe', team: 'Team', audit: 'Audit log', you: 'You' },
  de: {
    title: 'Einstellungen',
    business: 'Unternehmen',
    stripe: 'Stripe',
    team: 'Team',
    audit: 'Protokoll',
    you: 'Sie',
  },
});
