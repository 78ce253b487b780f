import type { Strings } from '../strings.tsx';

export const pl: Strings = {
  sandbox: 'Tryb testowy: żadne pieniądze nie są pobierane',
  securePayment: 'Bezpieczna płatność',
  amount: 'Kwota',
  pay: 'Zapłać {amount}',
  continueToPayment: 'Przejdź do płatności',
  chooseAmount: 'Wybierz kwotę',
  otherAmount: 'Inna kwota',
  atLeast: 'Co najmniej {amount}',
  cardAtStripe: 'Dane karty podajesz na bezpiecznej stronie Stripe.',
  moneyGoesTo: 'Pieniądze trafiają bezpośrednio do sprzedawcy: {business}.',
  moneyGoesToSeller: 'Pieniądze trafiają bezpośrednio na konto Stripe sprzedawcy.',
  scanToPay: 'Zeskanuj, aby zapłacić',
  scriptNeeded: 'To sprawdzenie wymaga JavaScriptu. Bez niego odczekaj minutę i spróbuj ponownie.',
  report: 'Zgłoś tę stronę',
  faults: {
    empty: 'Wpisz kwotę.',
    notANumber: 'Wpisz kwotę cyframi, na przykład {example}.',
    ambiguousSeparator: 'Tę kwotę można odczytać na dwa sposoby. Pomiń separator tysięcy, na przykład {example}.',
    noDecimals: '{currency} nie ma miejsc po przecinku. Wpisz liczbę całkowitą.',
    tooManyDecimals: '{currency} ma najwyżej {count} miejsca po przecinku.',
    belowMinimum: 'Najmniejsza kwota to {amount}.',
    aboveMaximum: 'Największa kwota to {amount}.',
    notAMultiple: 'Kwota musi być wielokrotnością {amount}.',
  },
  notices: {
    priceChanged: 'Cena zmieniła się od otwarcia tej strony. Sprawdź nową kwotę.',
    tryAgain: 'Nie udało się rozpocząć płatności. Nic nie zostało pobrane. Spróbuj ponownie.',
    slowDown: 'W krótkim czasie było wiele prób. Spróbuj jeszcze raz.',
    cancelled: 'Nic nie zostało pobrane. Możesz tu zapłacić w dowolnej chwili.',
  },
  closed: {
    not_found: {
      title: 'Ta strona nie istnieje',
      text: 'Link może być niepełny lub zawierać błąd. Sprawdź go albo zapytaj osobę, od której go masz.',
    },
    inactive: { title: 'Płatności wstrzymane', text: 'Sprzedawca wyłączył tę stronę płatności.' },
    expired: {
      title: 'Ta strona płatności wygasła',
      text: 'Nie przyjmuje już płatności. Poproś sprzedawcę o nowy link.',
    },
    sold_out: { title: 'Wyprzedane', text: 'Wszystkie miejsca są zajęte. Nic nie zostało pobrane.' },
    sold_out_held: {
      title: 'Na razie wszystkie miejsca są zajęte',
      text: 'Niektórzy kupujący jeszcze płacą. Jeśli ktoś nie dokończy, miejsce może się zwolnić. Spróbuj ponownie za kilka minut.',
    },
    not_ready: {
      title: 'Jeszcze nie gotowe',
      text: 'Sprzedawca dopiero konfiguruje płatności. Nie musisz nic robić i nic nie zostało pobrane.',
    },
    slow_down: {
      title: 'Chwileczkę',
      text: 'W krótkim czasie było wiele prób. Nic nie zostało pobrane.',
    },
    unavailable: {
      title: 'Przerwa w płatnościach',
      text: 'Coś nie działa po naszej stronie. Nic nie zostało pobrane. Spróbuj ponownie za chwilę.',
    },
  },
  tryAgain: 'Spróbuj ponownie',
  tryAgainWhen: 'Możesz spróbować ponownie {when}.',
  done: {
    confirming: {
      title: 'Potwierdzamy płatność',
      text: 'Zwykle trwa to kilka sekund. Strona odświeży się sama. Nie płać drugi raz.',
    },
    processing: {
      title: 'Płatność jest w drodze',
      text: 'Bank jeszcze ją przetwarza, co może potrwać kilka dni. Nie musisz nic więcej robić. Nie płać drugi raz.',
    },
    paid: { title: 'Zapłacono. Dziękujemy!', text: 'Zachowaj tę stronę jako potwierdzenie.' },
    failed: { title: 'Płatność nie powiodła się', text: 'Bank jej nie zrealizował. Możesz spróbować ponownie.' },
    refunded: {
      title: 'Zwrócono',
      text: 'Cała kwota wraca tą samą metodą płatności. Może to potrwać kilka dni.',
    },
    partially_refunded: {
      title: 'Zwrócono częściowo',
      text: 'Część kwoty wraca tą samą metodą płatności. Może to potrwać kilka dni.',
    },
  },
  receipt: {
    amount: 'Kwota',
    subject: 'Za co',
    paidTo: 'Odbiorca',
    sellerAccount: 'Konto Stripe sprzedawcy',
    when: 'Kiedy',
    reference: 'Numer referencyjny',
    number: 'Numer potwierdzenia',
  },
  leaving: 'Chwileczkę: zaraz wrócisz na stronę sprzedawcy.',
  continueTo: 'Przejdź do {business}',
  continueOn: 'Dalej',
  refresh: 'Sprawdź ponownie',
  payAgain: 'Wróć do płatności',
  print: 'Drukuj lub zapisz',
};
