import type { Strings } from '../strings.tsx';

export const nl: Strings = {
  sandbox: 'Testmodus: er gaat geen geld om',
  securePayment: 'Veilig betalen',
  amount: 'Bedrag',
  pay: '{amount} betalen',
  continueToPayment: 'Verder naar betalen',
  chooseAmount: 'Kies een bedrag',
  otherAmount: 'Ander bedrag',
  atLeast: 'Minimaal {amount}',
  cardAtStripe: 'Je vult je kaartgegevens in op de beveiligde pagina van Stripe.',
  moneyGoesTo: 'Het geld gaat rechtstreeks naar {business}.',
  moneyGoesToSeller: 'Het geld gaat rechtstreeks naar het Stripe-account van de verkoper.',
  scanToPay: 'Scan om te betalen',
  scriptNeeded: 'Voor deze controle is JavaScript nodig. Wacht anders een minuut en probeer het opnieuw.',
  report: 'Deze pagina melden',
  faults: {
    empty: 'Vul een bedrag in.',
    notANumber: 'Vul het bedrag in cijfers in, bijvoorbeeld {example}.',
    ambiguousSeparator: 'Dit is op twee manieren te lezen. Laat het duizendtalteken weg, bijvoorbeeld {example}.',
    noDecimals: '{currency} heeft geen decimalen. Vul een heel getal in.',
    tooManyDecimals: '{currency} heeft maximaal {count} decimalen.',
    belowMinimum: 'Het laagste bedrag is {amount}.',
    aboveMaximum: 'Het hoogste bedrag is {amount}.',
    notAMultiple: 'Het bedrag moet een veelvoud zijn van {amount}.',
  },
  notices: {
    priceChanged: 'De prijs is veranderd sinds je deze pagina opende. Controleer het nieuwe bedrag.',
    tryAgain: 'De betaling kon niet worden gestart. Er is niets afgeschreven. Probeer het opnieuw.',
    slowDown: 'Er waren veel pogingen in korte tijd. Probeer het nog een keer.',
    cancelled: 'Er is niets afgeschreven. Je kunt hier betalen wanneer je wilt.',
  },
  closed: {
    not_found: {
      title: 'Deze pagina bestaat niet',
      text: 'Misschien is de link niet compleet of zit er een typefout in. Controleer hem of vraag het aan de afzender.',
    },
    inactive: { title: 'Betalen kan nu niet', text: 'De verkoper heeft deze betaalpagina uitgezet.' },
    expired: {
      title: 'Deze betaalpagina is verlopen',
      text: 'Betalen kan hier niet meer. Vraag de verkoper om een nieuwe link.',
    },
    sold_out: { title: 'Uitverkocht', text: 'Alle plaatsen zijn bezet. Er is niets afgeschreven.' },
    sold_out_held: {
      title: 'Op dit moment zijn alle plaatsen bezet',
      text: 'Een aantal kopers is nog aan het betalen. Maakt iemand het niet af, dan komt er weer een plaats vrij. Probeer het over een paar minuten opnieuw.',
    },
    not_ready: {
      title: 'Nog niet klaar',
      text: 'De verkoper is betalingen nog aan het instellen. Je hoeft niets te doen en er is niets afgeschreven.',
    },
    slow_down: {
      title: 'Een ogenblik',
      text: 'Er waren veel pogingen in korte tijd. Er is niets afgeschreven.',
    },
    unavailable: {
      title: 'Betalen lukt even niet',
      text: 'Er werkt iets niet aan onze kant. Er is niets afgeschreven. Probeer het zo nog eens.',
    },
  },
  tryAgain: 'Opnieuw proberen',
  tryAgainWhen: 'Je kunt het {when} opnieuw proberen.',
  done: {
    confirming: {
      title: 'Je betaling wordt bevestigd',
      text: 'Dit duurt meestal een paar seconden. De pagina ververst vanzelf. Betaal niet nog een keer.',
    },
    processing: {
      title: 'Je betaling is onderweg',
      text: 'De bank verwerkt de betaling nog. Dat kan een paar dagen duren. Je hoeft niets meer te doen. Betaal niet nog een keer.',
    },
    paid: { title: 'Betaald. Bedankt!', text: 'Bewaar deze pagina als bewijs.' },
    failed: {
      title: 'De betaling is niet gelukt',
      text: 'De bank heeft hem niet uitgevoerd. Je kunt het opnieuw proberen.',
    },
    refunded: {
      title: 'Terugbetaald',
      text: 'Het volledige bedrag gaat terug via dezelfde betaalwijze. Dat kan een paar dagen duren.',
    },
    partially_refunded: {
      title: 'Gedeeltelijk terugbetaald',
      text: 'Een deel van het bedrag gaat terug via dezelfde betaalwijze. Dat kan een paar dagen duren.',
    },
  },
  receipt: {
    amount: 'Bedrag',
    subject: 'Voor',
    paidTo: 'Betaald aan',
    sellerAccount: 'Het Stripe-account van de verkoper',
    when: 'Wanneer',
    reference: 'Kenmerk',
    number: 'Bonnummer',
  },
  leaving: 'Een ogenblik: je gaat terug naar de site van de verkoper.',
  continueTo: 'Verder naar {business}',
  continueOn: 'Verder',
  refresh: 'Opnieuw controleren',
  payAgain: 'Terug naar betalen',
  print: 'Afdrukken of opslaan',
};
