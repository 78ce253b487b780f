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
    developer: { name: 'Developer', can: 'Makes links, and has keys and webhooks in the sandbox.' },
    admin: { name: 'Admin', can: 'Also refunds, live keys, the business profile and inviting people.' },
    owner: { name: 'Owner', can: 'Can do everything, also disconnect Stripe and close the workspace.' },
  },
  de: {
    viewer: { name: 'Betrachter', can: 'Sieht Zahlungen, Links und Einstellungen und ändert nichts.' },
    developer: { name: 'Entwickler', can: 'Erstellt Links und hat Schlüssel und Webhooks in der Sandbox.' },
    admin: { name: 'Admin', can: 'Auch Erstattungen, Live-Schlüssel, das Unternehmensprofil und Einladungen.' },
    owner: { name: 'Inhaber', can: 'Kann alles, auch Stripe trennen und den Workspace schließen.' },
  },
});
