import type { Strings } from '../strings.tsx';

export const de: Strings = {
  sandbox: 'Testmodus: Es fließt kein Geld',
  securePayment: 'Sichere Zahlung',
  amount: 'Betrag',
  pay: '{amount} bezahlen',
  continueToPayment: 'Weiter zur Zahlung',
  chooseAmount: 'Betrag wählen',
  otherAmount: 'Anderer Betrag',
  atLeast: 'Mindestens {amount}',
  cardAtStripe: 'Die Kartendaten werden auf der sicheren Seite von Stripe eingegeben.',
  moneyGoesTo: 'Das Geld geht direkt an {business}.',
  moneyGoesToSeller: 'Das Geld geht direkt auf das Stripe-Konto des Anbieters.',
  scanToPay: 'Scannen und bezahlen',
  scriptNeeded:
    'Diese Prüfung braucht JavaScript. Ohne JavaScript bitte eine Minute warten und es dann erneut versuchen.',
  report: 'Seite melden',
  faults: {
    empty: 'Bitte einen Betrag eingeben.',
    notANumber: 'Bitte den Betrag in Ziffern eingeben, zum Beispiel {example}.',
    ambiguousSeparator:
      'Das lässt sich auf zwei Arten lesen. Bitte ohne Tausenderzeichen eingeben, zum Beispiel {example}.',
    noDecimals: '{currency} hat keine Nachkommastellen. Bitte eine ganze Zahl eingeben.',
    tooManyDecimals: '{currency} hat höchstens {count} Nachkommastellen.',
    belowMinimum: 'Der Mindestbetrag ist {amount}.',
    aboveMaximum: 'Der Höchstbetrag ist {amount}.',
    notAMultiple: 'Der Betrag muss ein Vielfaches von {amount} sein.',
  },
  notices: {
    priceChanged: 'Der Preis hat sich inzwischen geändert. Bitte den neuen Betrag prüfen.',
    tryAgain: 'Die Zahlung konnte nicht gestartet werden. Es wurde nichts abgebucht. Bitte erneut versuchen.',
    slowDown: 'Es gab viele Versuche in kurzer Zeit. Bitte noch einmal versuchen.',
    cancelled: 'Es wurde nichts abgebucht. Hier kann jederzeit bezahlt werden.',
  },
  closed: {
    not_found: {
      title: 'Diese Seite gibt es nicht',
      text: 'Vielleicht ist der Link unvollständig oder enthält einen Tippfehler. Bitte prüfen oder beim Absender nachfragen.',
    },
    inactive: {
      title: 'Zurzeit keine Zahlungen',
      text: 'Der Anbieter hat diese Zahlungsseite abgeschaltet.',
    },
    expired: {
      title: 'Diese Zahlungsseite ist abgelaufen',
      text: 'Hier kann nicht mehr bezahlt werden. Der Anbieter kann einen neuen Link schicken.',
    },
    sold_out: { title: 'Ausverkauft', text: 'Alle Plätze sind vergeben. Es wurde nichts abgebucht.' },
    sold_out_held: {
      title: 'Im Moment sind alle Plätze vergeben',
      text: 'Einige Käufer bezahlen gerade noch. Bricht jemand ab, wird wieder ein Platz frei. In ein paar Minuten lohnt sich ein neuer Versuch.',
    },
    not_ready: {
      title: 'Noch nicht bereit',
      text: 'Der Anbieter richtet seine Zahlungen gerade erst ein. Es ist nichts weiter zu tun, und es wurde nichts abgebucht.',
    },
    slow_down: {
      title: 'Einen Moment bitte',
      text: 'Es gab viele Versuche in kurzer Zeit. Es wurde nichts abgebucht.',
    },
    unavailable: {
      title: 'Zahlungen sind gestört',
      text: 'Bei uns funktioniert gerade etwas nicht. Es wurde nichts abgebucht. Bitte gleich noch einmal versuchen.',
    },
  },
  tryAgain: 'Erneut versuchen',
  tryAgainWhen: 'Ein neuer Versuch ist {when} möglich.',
  done: {
    confirming: {
      title: 'Die Zahlung wird bestätigt',
      text: 'Das dauert meist nur ein paar Sekunden. Die Seite aktualisiert sich von selbst. Bitte nicht noch einmal bezahlen.',
    },
    processing: {
      title: 'Die Zahlung ist unterwegs',
      text: 'Die Bank bearbeitet sie noch, das kann einige Tage dauern. Es ist nichts weiter zu tun. Bitte nicht noch einmal bezahlen.',
    },
    paid: { title: 'Bezahlt. Vielen Dank!', text: 'Diese Seite gilt als Beleg.' },
    failed: {
      title: 'Die Zahlung hat nicht geklappt',
      text: 'Die Bank hat sie nicht ausgeführt. Ein neuer Versuch ist möglich.',
    },
    refunded: {
      title: 'Erstattet',
      text: 'Der volle Betrag geht auf demselben Weg zurück. Das kann einige Tage dauern.',
    },
    partially_refunded: {
      title: 'Teilweise erstattet',
      text: 'Ein Teil des Betrags geht auf demselben Weg zurück. Das kann einige Tage dauern.',
    },
  },
  receipt: {
    amount: 'Betrag',
    subject: 'Wofür',
    paidTo: 'Bezahlt an',
    sellerAccount: 'Stripe-Konto des Anbieters',
    when: 'Wann',
    reference: 'Referenz',
    number: 'Belegnummer',
  },
  leaving: 'Einen Moment: Es geht gleich zurück zur Seite des Anbieters.',
  continueTo: 'Weiter zu {business}',
  continueOn: 'Weiter',
  refresh: 'Erneut prüfen',
  payAgain: 'Zurück zur Zahlung',
  print: 'Drucken oder speichern',
};
