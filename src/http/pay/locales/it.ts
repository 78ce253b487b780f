import type { Strings } from '../strings.tsx';

export const it: Strings = {
  sandbox: 'Modalità di prova: nessun addebito reale',
  securePayment: 'Pagamento sicuro',
  amount: 'Importo',
  pay: 'Paga {amount}',
  continueToPayment: 'Continua al pagamento',
  chooseAmount: 'Scegli un importo',
  otherAmount: 'Altro importo',
  atLeast: 'Almeno {amount}',
  cardAtStripe: 'I dati della carta si inseriscono sulla pagina sicura di Stripe.',
  moneyGoesTo: 'Il denaro va direttamente a {business}.',
  moneyGoesToSeller: 'Il denaro va direttamente sul conto Stripe del venditore.',
  scanToPay: 'Inquadra per pagare',
  scriptNeeded: 'Questa verifica richiede JavaScript. Senza JavaScript, attendi un minuto e riprova.',
  report: 'Segnala questa pagina',
  faults: {
    empty: 'Inserisci un importo.',
    notANumber: 'Inserisci l’importo in cifre, per esempio {example}.',
    ambiguousSeparator: 'Si può leggere in due modi. Togli il separatore delle migliaia, per esempio {example}.',
    noDecimals: '{currency} non ha decimali. Inserisci un numero intero.',
    tooManyDecimals: '{currency} ha al massimo {count} decimali.',
    belowMinimum: 'L’importo minimo è {amount}.',
    aboveMaximum: 'L’importo massimo è {amount}.',
    notAMultiple: 'L’importo deve essere un multiplo di {amount}.',
  },
  notices: {
    priceChanged: 'Il prezzo è cambiato da quando hai aperto la pagina. Controlla il nuovo importo.',
    tryAgain: 'Non è stato possibile avviare il pagamento. Non ti è stato addebitato nulla. Riprova.',
    slowDown: 'Ci sono stati molti tentativi in poco tempo. Riprova.',
    cancelled: 'Non ti è stato addebitato nulla. Puoi pagare qui quando vuoi.',
  },
  closed: {
    not_found: {
      title: 'Questa pagina non esiste',
      text: 'Il link potrebbe essere incompleto o scritto male. Controllalo o chiedi a chi te l’ha inviato.',
    },
    inactive: { title: 'Pagamenti non attivi', text: 'Il venditore ha disattivato questa pagina di pagamento.' },
    expired: {
      title: 'Questa pagina di pagamento è scaduta',
      text: 'Non accetta più pagamenti. Chiedi al venditore un nuovo link.',
    },
    sold_out: { title: 'Esaurito', text: 'Tutti i posti sono stati presi. Non ti è stato addebitato nulla.' },
    sold_out_held: {
      title: 'Al momento i posti sono tutti occupati',
      text: 'Alcuni acquirenti stanno ancora pagando. Se qualcuno non conclude, può liberarsi un posto. Riprova tra qualche minuto.',
    },
    not_ready: {
      title: 'Non ancora pronto',
      text: 'Il venditore sta ancora configurando i pagamenti. Non devi fare nulla e non ti è stato addebitato nulla.',
    },
    slow_down: {
      title: 'Un momento, per favore',
      text: 'Ci sono stati molti tentativi in poco tempo. Non ti è stato addebitato nulla.',
    },
    unavailable: {
      title: 'Pagamenti interrotti',
      text: 'Qualcosa da parte nostra non funziona. Non ti è stato addebitato nulla. Riprova tra un momento.',
    },
  },
  tryAgain: 'Riprova',
  tryAgainWhen: 'Puoi riprovare {when}.',
  done: {
    confirming: {
      title: 'Conferma del pagamento in corso',
      text: 'Di solito bastano pochi secondi. La pagina si aggiorna da sola. Non pagare di nuovo.',
    },
    processing: {
      title: 'Il pagamento è in lavorazione',
      text: 'La banca lo sta ancora elaborando e può volerci qualche giorno. Non devi fare altro. Non pagare di nuovo.',
    },
    paid: { title: 'Pagato. Grazie!', text: 'Conserva questa pagina come ricevuta.' },
    failed: { title: 'Il pagamento non è riuscito', text: 'La banca non l’ha eseguito. Puoi riprovare.' },
    refunded: {
      title: 'Rimborsato',
      text: 'L’intero importo viene restituito sullo stesso metodo di pagamento. Può richiedere qualche giorno.',
    },
    partially_refunded: {
      title: 'Rimborsato in parte',
      text: 'Una parte dell’importo viene restituita sullo stesso metodo di pagamento. Può richiedere qualche giorno.',
    },
  },
  receipt: {
    amount: 'Importo',
    subject: 'Causale',
    paidTo: 'Pagato a',
    sellerAccount: 'Il conto Stripe del venditore',
    when: 'Data',
    reference: 'Riferimento',
    number: 'Numero di ricevuta',
  },
  leaving: 'Un momento: stai tornando al sito del venditore.',
  continueTo: 'Continua su {business}',
  continueOn: 'Continua',
  refresh: 'Controlla di nuovo',
  payAgain: 'Torna al pagamento',
  print: 'Stampa o salva',
};
