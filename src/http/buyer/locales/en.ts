/**
 * The English texts of the pay page and the widget. They are part of the Worker, for when the file of another language
 * cannot be loaded. `{name}` stands for a value.
 */
export const en = {
  sandbox: 'Test mode: no money moves',
  securePayment: 'Secure payment',
  amount: 'Amount',
  pay: 'Pay {amount}',
  continueToPayment: 'Continue to payment',
  chooseAmount: 'Choose an amount',
  otherAmount: 'Other amount',
  atLeast: 'At least {amount}',
  cardAtStripe: 'You enter your card on Stripe’s secure page.',
  moneyGoesTo: 'The money goes straight to {business}.',
  moneyGoesToSeller: 'The money goes straight to the seller’s own Stripe account.',
  scanToPay: 'Scan to pay',
  scriptNeeded: 'This check needs JavaScript. Without it, wait a minute and try again.',
  report: 'Report this page',
  faults: {
    empty: 'Enter an amount.',
    notANumber: 'Enter the amount in digits, for example {example}.',
    ambiguousSeparator: 'This can be read two ways. Leave out the thousands separator, for example {example}.',
    noDecimals: '{currency} has no decimals. Enter a whole number.',
    tooManyDecimals: '{currency} has at most {count} decimals.',
    belowMinimum: 'The smallest amount is {amount}.',
    aboveMaximum: 'The largest amount is {amount}.',
    notAMultiple: 'The amount must be a multiple of {amount}.',
    // Stripe refuses the amount and does not say why.
    notAccepted: 'This amount cannot be paid. Please choose another one.',
  },
  notices: {
    priceChanged: 'The price has changed since you opened this page. Please check the new amount.',
    tryAgain: 'The payment could not be started. You have not been charged. Please try again.',
    slowDown: 'There were many attempts in a short time. Please try once more.',
    cancelled: 'You have not been charged. You can still pay here.',
    // {time} is for example "30 minutes".
    stillOpenFor: 'You have not been charged. You can still pay here for about {time}.',
    alreadyPaid: 'You have already paid this.',
  },
  // Why a page takes no payment.
  closed: {
    not_found: {
      title: 'This page does not exist',
      text: 'The link may be incomplete or mistyped. Check it, or ask the person who sent it to you.',
    },
    inactive: { title: 'Not taking payments', text: 'The seller has switched this payment page off.' },
    expired: {
      title: 'This payment page has expired',
      text: 'It no longer takes payments. Ask the seller for a new link.',
    },
    sold_out: {
      title: 'This page takes no more payments',
      text: 'It was made for a limited number of payments, and all of them have been made.',
    },
    sold_out_held: {
      title: 'No more payments for now',
      text: 'Other buyers are still paying. If one of them does not finish, this page may open again. Please try again in a few minutes.',
    },
    // For a buyer who has paid, if the page takes no more payments.
    already_paid: { title: 'You have already paid', text: 'This page takes no more payments.' },
    // The text also stands above the form of a page that takes more payments.
    processing: {
      title: 'Your payment is on its way',
      text: 'Your payment is still being processed. Please do not pay again.',
    },
    not_ready: {
      title: 'No payments at the moment',
      text: 'This seller cannot take payments right now. You have not been charged. Please try again later.',
    },
    slow_down: {
      title: 'One moment, please',
      text: 'There were many attempts in a short time. You have not been charged.',
    },
    unavailable: {
      title: 'Payments are interrupted',
      text: 'Something on our side is not working. This try has not charged you. Please try again in a moment.',
    },
    done_unavailable: {
      title: 'We cannot show your payment right now',
      text: 'Please do not pay again. The page updates by itself and will show your payment in a moment.',
    },
    refused: {
      title: 'This form came from another site',
      text: 'For your safety, a payment starts only on the payment page itself. You have not been charged.',
    },
    wrong_method: { title: 'This page was not opened properly', text: 'Please open it again.' },
  },
  tryAgain: 'Try again',
  // {when} is for example "in 30 seconds".
  tryAgainWhen: 'You can try again {when}.',
  openPage: 'Open the payment page',
  showReceipt: 'Show the receipt',
  // Leads to the page of a payment that is still being processed.
  showPayment: 'Show the payment',
  // On a receipt: leads to the form for a second payment.
  payAnother: 'Make another payment',
  // Stands before the name of the page's language, for screen readers.
  language: 'Language:',
  // The result of a payment.
  done: {
    confirming: {
      title: 'Confirming your payment',
      text: 'This usually takes a few seconds. The page updates by itself. Please do not pay again.',
    },
    processing: {
      title: 'Your payment is on its way',
      text: 'The bank is still processing it, which can take a few days. There is nothing more to do. Please do not pay again.',
    },
    paid: { title: 'Paid. Thank you!', text: 'Keep this page as your receipt.' },
    failed: { title: 'The payment did not go through', text: 'The bank did not complete it. You can try again.' },
    expired: { title: 'The payment was not completed', text: 'Nothing was charged. You can try again.' },
    refunded: { title: 'Refunded', text: 'The full amount goes back to the way you paid. This can take a few days.' },
    partially_refunded: {
      title: 'Partly refunded',
      text: 'Part of the amount goes back to the way you paid. This can take a few days.',
    },
  },
  receipt: {
    amount: 'Amount',
    refunded: 'Refunded',
    subject: 'For',
    paidTo: 'Paid to',
    sellerAccount: 'The seller’s own Stripe account',
    when: 'When',
    reference: 'Reference',
    number: 'Receipt number',
  },
  leaving: 'One moment: you are being taken back to the seller’s site.',
  continueTo: 'Continue to {business}',
  continueOn: 'Continue',
  refresh: 'Check again',
  payAgain: 'Back to payment',
  print: 'Print or save',
  // Texts of the widget alone.
  embed: {
    // The text of the button if the buyer chooses the amount.
    pay: 'Pay',
    loading: 'Loading the payment form.',
    notLoaded: {
      title: 'The payment form could not be loaded',
      text: 'You have not been charged. Try again, or pay on the payment page.',
    },
    continueOnPage: 'Continue on the payment page',
    // Links to the pay page, which also has the payment methods that leave the page.
    moreWays: 'More ways to pay',
    changeAmount: 'Change amount',
    receipt: 'Show the receipt',
    close: 'Close',
    over: {
      title: 'This payment form has been open too long',
      text: 'You have not been charged. Close it and open it again, or pay on the payment page.',
    },
  },
};
