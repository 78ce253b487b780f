import type { Role } from '../../core/rights.ts';
import { inLanguages } from '../language.ts';

interface RoleTexts {
  readonly name: string;
  /** What a person with this role can do, in one sentence. */
  readonly can: string;
}

/** The roles, as people read them. */
export const roleTexts = inLanguages<Readonly<Record<Role, RoleTexts>>>({
  en: {
    viewer: { name: 'Viewer', can: 'Sees payments, links and settings, and changes nothing.' },
    developer: { name: 'Developer', can: 'Makes links, and in the sandbox keys, webhooks and refunds.' },
    admin: {
      name: 'Admin',
      can: 'Does what a developer does, also in live. Connects Stripe, edits the business profile and invites people.',
    },
    owner: { name: 'Owner', can: 'Can do everything, also disconnect Stripe and close the workspace.' },
  },
  de: {
    viewer: { name: 'Betrachter', can: 'Sieht Zahlungen, Links und Einstellungen und ändert nichts.' },
    developer: { name: 'Entwickler', can: 'Erstellt Links und in der Sandbox Schlüssel, Webhooks und Erstattungen.' },
    admin: {
      name: 'Admin',
      can: 'Tut alles, was Entwickler tun, auch in live. Verbindet Stripe, ändert das Unternehmensprofil und lädt Leute ein.',
    },
    owner: { name: 'Inhaber', can: 'Kann alles, auch Stripe trennen und den Workspace schließen.' },
  },
});
