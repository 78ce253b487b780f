import { type AUDIT_ACTIONS, DISPUTE_ACTION, MEMBER_ACTIONS } from '../../core/audit-actions.ts';
import { ROLES } from '../../core/rights.ts';
import { inLanguages, type Language } from '../language.ts';
import { roleTexts } from '../pages/role-texts.ts';

interface AuditTexts
  extends Readonly<
    Record<
      'title' | 'intro' | 'what' | 'who' | 'when' | 'where' | 'emptyTitle' | 'emptyText' | 'you' | 'person',
      string
    >
  > {
  readonly key: (name: string) => string;
  readonly actors: Readonly<Record<string, string>>;
  readonly actions: Readonly<Record<(typeof AUDIT_ACTIONS)[number], string>>;
  readonly withRole: Readonly<Record<(typeof MEMBER_ACTIONS)[number], (role: string) => string>>;
  /** `status`: Stripe's own word for the state of the dispute. */
  readonly dispute: (status: string) => string;
}

/** The page of the audit log. */
export const auditTexts = inLanguages<AuditTexts>({
  en: {
    title: 'Audit log',
    intro: 'Who has changed what, when, and from where. Nobody can change it.',
    what: 'What',
    who: 'Who',
    when: 'When',
    where: 'From',
    emptyTitle: 'Nothing was changed yet',
    emptyText: 'Each change of this workspace stands here.',
    you: 'You',
    person: 'A person who was here',
    key: (name: string) => `Secret key ${name}`,
    actors: {
      operator: 'SoftSolz',
      stripe: 'Stripe',
      cron: 'By itself',
      system: 'By itself',
      buyer: 'A buyer',
    },
    actions: {
      'workspace.create': 'Workspace made',
      'workspace.rename': 'Workspace renamed',
      'workspace.suspend': 'Workspace suspended',
      'workspace.resume': 'Workspace opened again',
      'workspace.close': 'Workspace closed',
      'member.revoke_invitation': 'Invitation revoked',
      'member.decline_invitation': 'Invitation declined',
      'member.remove': 'Member removed',
      'member.leave': 'Member has left',
      'account.create': 'Stripe account made',
      'account.attach': 'Stripe account connected',
      'account.attach_undone': 'Stripe account not connected',
      'account.updated': 'Stripe account changed',
      'account.charges_lost': 'Stripe account can no longer take payments',
      'account.disconnected': 'Stripe disconnected',
      'account.reconnected': 'Stripe connected again',
      'account.given_up': 'Stripe account given up, because Stripe refused us access',
      'account.onboarding_link': 'Went to Stripe to set up',
      'account.dashboard_link': 'Opened Stripe',
      'profile.update': 'Business profile changed',
      'profile.set_logo': 'Logo changed',
      'profile.remove_logo': 'Logo removed',
      'profile.copy': 'Business profile copied to live',
      'profile.clear': 'Business profile cleared',
      'api_key.issue': 'Key made',
      'api_key.update': 'Key changed',
      'api_key.revoke': 'Key revoked',
      'payment_link.create': 'Link made',
      'payment_link.update': 'Link changed',
      'payment_link.sold_out': 'Link sold out',
      'refund.create': 'Refund made',
      'checkout_session.expire': 'Checkout ended',
      'checkout_session.adopt': 'Checkout found at Stripe',
      'webhook_endpoint.create': 'Webhook endpoint added',
      'webhook_endpoint.update': 'Webhook endpoint changed',
      'webhook_endpoint.enable': 'Webhook endpoint switched on',
      'webhook_endpoint.disable': 'Webhook endpoint switched off',
      'webhook_endpoint.rotate_secret': 'Webhook secret rotated',
      'webhook_endpoint.ping': 'Test event sent',
      'webhook_endpoint.replay': 'Events sent again',
      'webhook_endpoint.delete': 'Webhook endpoint deleted',
      'delivery.redeliver': 'Delivery sent again',
      'buyer.erase': 'Data of a buyer erased',
      'quarantine.release': 'Stripe event that had failed applied',
    },
    withRole: {
      'member.invite': (role) => `Somebody invited as ${role}`,
      'member.join': (role) => `Invitation as ${role} accepted`,
      'member.role': (role) => `Role changed to ${role}`,
    },
    dispute: (status) => `Dispute at Stripe: ${status}`,
  },
  de: {
    title: 'Protokoll',
    intro: 'Wer was wann und von wo geändert hat. Niemand kann es ändern.',
    what: 'Was',
    who: 'Wer',
    when: 'Wann',
    where: 'Von',
    emptyTitle: 'Noch nichts geändert',
    emptyText: 'Jede Änderung an diesem Workspace steht hier.',
    you: 'Sie',
    person: 'Eine Person, die hier war',
    key: (name: string) => `Geheimer Schlüssel ${name}`,
    actors: {
      operator: 'SoftSolz',
      stripe: 'Stripe',
      cron: 'Von selbst',
      system: 'Von selbst',
      buyer: 'Ein Käufer',
    },
    actions: {
      'workspace.create': 'Workspace angelegt',
      'workspace.rename': 'Workspace umbenannt',
      'workspace.suspend': 'Workspace gesperrt',
      'workspace.resume': 'Workspace wieder geöffnet',
      'workspace.close': 'Workspace geschlossen',
      'member.revoke_invitation': 'Einladung zurückgezogen',
      'member.decline_invitation': 'Einladung abgelehnt',
      'member.remove': 'Mitglied entfernt',
      'member.leave': 'Mitglied ausgetreten',
      'account.create': 'Stripe-Konto angelegt',
      'account.attach': 'Stripe-Konto verbunden',
      'account.attach_undone': 'Stripe-Konto nicht verbunden',
      'account.updated': 'Stripe-Konto geändert',
      'account.charges_lost': 'Stripe-Konto kann keine Zahlungen mehr annehmen',
      'account.disconnected': 'Stripe getrennt',
      'account.reconnected': 'Stripe wieder verbunden',
      'account.given_up': 'Stripe-Konto aufgegeben, weil Stripe uns den Zugang verweigert hat',
      'account.onboarding_link': 'Zum Einrichten zu Stripe gegangen',
      'account.dashboard_link': 'Stripe geöffnet',
      'profile.update': 'Unternehmensprofil geändert',
      'profile.set_logo': 'Logo geändert',
      'profile.remove_logo': 'Logo entfernt',
      'profile.copy': 'Unternehmensprofil nach live kopiert',
      'profile.clear': 'Unternehmensprofil geleert',
      'api_key.issue': 'Schlüssel erstellt',
      'api_key.update': 'Schlüssel geändert',
      'api_key.revoke': 'Schlüssel widerrufen',
      'payment_link.create': 'Link erstellt',
      'payment_link.update': 'Link geändert',
      'payment_link.sold_out': 'Link ausverkauft',
      'refund.create': 'Erstattung veranlasst',
      'checkout_session.expire': 'Checkout beendet',
      'checkout_session.adopt': 'Checkout bei Stripe gefunden',
      'webhook_endpoint.create': 'Webhook-Endpunkt hinzugefügt',
      'webhook_endpoint.update': 'Webhook-Endpunkt geändert',
      'webhook_endpoint.enable': 'Webhook-Endpunkt eingeschaltet',
      'webhook_endpoint.disable': 'Webhook-Endpunkt ausgeschaltet',
      'webhook_endpoint.rotate_secret': 'Webhook-Geheimnis erneuert',
      'webhook_endpoint.ping': 'Testereignis gesendet',
      'webhook_endpoint.replay': 'Ereignisse erneut gesendet',
      'webhook_endpoint.delete': 'Webhook-Endpunkt gelöscht',
      'delivery.redeliver': 'Zustellung erneut gesendet',
      'buyer.erase': 'Daten eines Käufers gelöscht',
      'quarantine.release': 'Fehlgeschlagenes Stripe-Ereignis angewendet',
    },
    withRole: {
      'member.invite': (role) => `Jemand als ${role} eingeladen`,
      'member.join': (role) => `Einladung als ${role} angenommen`,
      'member.role': (role) => `Rolle geändert zu ${role}`,
    },
    dispute: (status) => `Anfechtung bei Stripe: ${status}`,
  },
});

/** What was done, in words. `action`: as it stands in the log; an older release can have written one that has no words now. */
export function auditActionText(language: Language, action: string): string {
  const { actions, withRole, dispute } = auditTexts[language];
  const known: Readonly<Record<string, string>> = actions;
  for (const begin of MEMBER_ACTIONS) {
    const role = ROLES.find((one) => action === `${begin}.${one}`);
    if (role) return withRole[begin](roleTexts[language][role].name);
  }
  if (action.startsWith(`${DISPUTE_ACTION}.`)) return dispute(action.slice(DISPUTE_ACTION.length + 1));
  return known[action] ?? action;
}
