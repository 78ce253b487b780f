import type { Strings } from '../strings.tsx';

export const fr: Strings = {
  sandbox: 'Mode test : aucun argent ne circule',
  securePayment: 'Paiement sécurisé',
  amount: 'Montant',
  pay: 'Payer {amount}',
  continueToPayment: 'Continuer vers le paiement',
  chooseAmount: 'Choisissez un montant',
  otherAmount: 'Autre montant',
  atLeast: 'Au moins {amount}',
  cardAtStripe: 'Votre carte est saisie sur la page sécurisée de Stripe.',
  moneyGoesTo: 'L’argent va directement à {business}.',
  moneyGoesToSeller: 'L’argent va directement sur le compte Stripe du vendeur.',
  scanToPay: 'Scannez pour payer',
  scriptNeeded: 'Cette vérification nécessite JavaScript. Sans JavaScript, patientez une minute puis réessayez.',
  report: 'Signaler cette page',
  faults: {
    empty: 'Saisissez un montant.',
    notANumber: 'Saisissez le montant en chiffres, par exemple {example}.',
    ambiguousSeparator:
      'Ce montant peut se lire de deux façons. Retirez le séparateur de milliers, par exemple {example}.',
    noDecimals: '{currency} n’a pas de décimales. Saisissez un nombre entier.',
    tooManyDecimals: '{currency} a au plus {count} décimales.',
    belowMinimum: 'Le montant minimum est de {amount}.',
    aboveMaximum: 'Le montant maximum est de {amount}.',
    notAMultiple: 'Le montant doit être un multiple de {amount}.',
  },
  notices: {
    priceChanged: 'Le prix a changé depuis l’ouverture de cette page. Vérifiez le nouveau montant.',
    tryAgain: 'Le paiement n’a pas pu démarrer. Rien n’a été débité. Veuillez réessayer.',
    slowDown: 'Il y a eu beaucoup de tentatives en peu de temps. Veuillez réessayer.',
    cancelled: 'Rien n’a été débité. Vous pouvez payer ici quand vous le souhaitez.',
  },
  closed: {
    not_found: {
      title: 'Cette page n’existe pas',
      text: 'Le lien est peut-être incomplet ou mal saisi. Vérifiez-le ou demandez à la personne qui vous l’a envoyé.',
    },
    inactive: { title: 'Paiements suspendus', text: 'Le vendeur a désactivé cette page de paiement.' },
    expired: {
      title: 'Cette page de paiement a expiré',
      text: 'Elle n’accepte plus de paiements. Demandez un nouveau lien au vendeur.',
    },
    sold_out: { title: 'Complet', text: 'Toutes les places ont été prises. Rien n’a été débité.' },
    sold_out_held: {
      title: 'Toutes les places sont prises pour l’instant',
      text: 'Des acheteurs sont encore en train de payer. Si l’un d’eux ne termine pas, une place pourra se libérer. Réessayez dans quelques minutes.',
    },
    not_ready: {
      title: 'Pas encore prêt',
      text: 'Le vendeur est en train de configurer ses paiements. Vous n’avez rien à faire et rien n’a été débité.',
    },
    slow_down: {
      title: 'Un instant, s’il vous plaît',
      text: 'Il y a eu beaucoup de tentatives en peu de temps. Rien n’a été débité.',
    },
    unavailable: {
      title: 'Paiements interrompus',
      text: 'Un problème est survenu de notre côté. Rien n’a été débité. Réessayez dans un instant.',
    },
  },
  tryAgain: 'Réessayer',
  tryAgainWhen: 'Vous pourrez réessayer {when}.',
  done: {
    confirming: {
      title: 'Confirmation du paiement',
      text: 'Cela prend en général quelques secondes. La page se met à jour toute seule. Ne payez pas une deuxième fois.',
    },
    processing: {
      title: 'Votre paiement est en cours',
      text: 'La banque le traite encore, ce qui peut prendre quelques jours. Vous n’avez rien d’autre à faire. Ne payez pas une deuxième fois.',
    },
    paid: { title: 'Payé. Merci !', text: 'Conservez cette page, c’est votre reçu.' },
    failed: { title: 'Le paiement n’a pas abouti', text: 'La banque ne l’a pas exécuté. Vous pouvez réessayer.' },
    refunded: {
      title: 'Remboursé',
      text: 'Le montant total vous est rendu par le même moyen de paiement. Cela peut prendre quelques jours.',
    },
    partially_refunded: {
      title: 'Remboursé en partie',
      text: 'Une partie du montant vous est rendue par le même moyen de paiement. Cela peut prendre quelques jours.',
    },
  },
  receipt: {
    amount: 'Montant',
    subject: 'Objet',
    paidTo: 'Payé à',
    sellerAccount: 'Le compte Stripe du vendeur',
    when: 'Date',
    reference: 'Référence',
    number: 'Numéro de reçu',
  },
  leaving: 'Un instant : vous retournez sur le site du vendeur.',
  continueTo: 'Continuer vers {business}',
  continueOn: 'Continuer',
  refresh: 'Vérifier à nouveau',
  payAgain: 'Retour au paiement',
  print: 'Imprimer ou enregistrer',
};
