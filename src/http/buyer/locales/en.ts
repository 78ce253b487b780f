/**
 * The English texts of the pay page and the widget. They are part of the Worker, for when the file of another language
 * cannot be loaded. `{name}` stands for a value.
 */
export const en = {
  sandbox: 'Test mode: no real money',
  securePayment: 'Secure payment',
  // Of the browser's tab and of a saved page. {title} is for example "Studio deposit · Harbour Studio".
  titles: { error: 'Error: {title}', paid: 'Paid', notPaid: 'Not paid' },
  amount: 'Amount',
  pay: 'Pay {amount}',
  continueToPayment: 'Continue to payment',
  chooseAmount: 'Choose an amount',
  otherAmount: 'Other amount',
  atLeast: 'At least {amount}',
  cardAtStripe: 'You enter your card details on Stripe’s secure page.',
  moneyGoesTo: 'Your payment goes directly to {business}.',
  moneyGoesToSeller: 'Your payment goes directly to the seller’s own Stripe account.',
  scanToPay: 'Scan to pay',
  scriptNeeded: 'Please turn on JavaScript to pay now, or wait a minute and try again.',
  report: 'Report this page',
  // Before the e-mail address and the phone number of the seller.
  questions: 'Questions?',
  // Links to the seller's own pages.
  terms: 'Terms',
  privacy: 'Privacy',
  refundPolicy: 'Refund policy',
  faults: {
    empty: 'Enter an amount.',
    notANumber: 'Enter the amount in digits, for example {example}.',
    twoReadings: 'This can be read in two ways.',
    // Above the amounts that the typed text can mean: one or two, to tap.
    whichAmount: 'Which amount do you mean?',
    noDecimals: '{currency} has no decimals. Enter a whole number.',
    tooManyDecimals: '{currency} has at most {count} decimals.',
    belowMinimum: 'The smallest amount is {amount}.',
    aboveMaximum: 'The largest amount is {amount}.',
    notAMultiple: 'The amount must be a multiple of {amount}.',
    // Stripe refuses the amount and does not say why.
    notAccepted: 'This amount is not accepted. Please choose another one.',
  },
  notices: {
    priceChanged: 'The price has changed since you opened this page. Please check the new amount.',
    tryAgain: 'The payment could not be started. You have not been charged. Please try again.',
    slowDown: 'There were many attempts in a short time. Please try again.',
    cancelled: 'You have not been charged. You can still pay here.',
    // {time} is for example "30 minutes".
    stillOpenFor: 'You have not been charged. You can still pay here for about {time}.',
    alreadyPaid: 'You have already paid this.',
    processing: 'Your payment is still being processed. Please do not pay again.',
  },
  // Why a page takes no payment.
  closed: {
    not_found: {
      title: 'This page does not exist',
      text: 'The link may be incomplete or wrong. Check it, or ask the person who sent it to you.',
    },
    inactive: { title: 'This page takes no payments', text: 'The seller has turned this payment page off.' },
    expired: {
      title: 'This payment page has expired',
      text: 'It no longer takes payments. Ask the seller for a new link.',
    },
    sold_out: {
      title: 'This page takes no more payments',
      text: 'All payments that the seller accepts here have already been made.',
    },
    sold_out_held: {
      title: 'No more payments for now',
      text: 'Another payment is still being made. If it is not completed, you can pay here. Please try again in a few minutes.',
    },
    // For a buyer who has paid, if the page takes no more payments.
    already_paid: { title: 'You have already paid', text: 'This page takes no more payments.' },
    not_ready: {
      title: 'The seller cannot take payments right now',
      text: 'Please try again later, or ask the seller.',
    },
    slow_down: {
      title: 'One moment, please',
      text: 'There were many attempts in a short time. You have not been charged.',
    },
    unavailable: {
      title: 'Payments are not possible right now',
      text: 'Something on our side is not working. You have not been charged for this attempt. Please try again in a moment.',
    },
    done_unavailable: {
      title: 'We cannot show your payment right now',
      text: 'Please do not pay again. This page updates by itself and will show your payment in a moment.',
    },
    refused: {
      title: 'This form came from another site',
      text: 'For your safety, a payment can only start on the payment page itself. You have not been charged.',
    },
    wrong_method: { title: 'Something went wrong opening this page', text: 'Please open it again.' },
  },
  tryAgain: 'Try again',
  // {when} is for example "in 30 seconds".
  tryAgainWhen: 'You can try again {when}.',
  openPage: 'Open the payment page',
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
      text: 'This usually takes a few seconds. This page updates by itself. Please do not pay again.',
    },
    processing: {
      title: 'Your payment is being processed',
      text: 'The bank may need a few days. You do not need to do anything else. Please do not pay again.',
    },
    paid: { title: 'Paid. Thank you!', text: 'Keep this page as your receipt.' },
    failed: { title: 'The payment failed', text: 'The bank did not complete it. You can try again.' },
    expired: { title: 'The payment was not completed', text: 'You have not been charged. You can try again.' },
    refunded: {
      title: 'Refunded',
      text: 'You get the full amount back the same way you paid. This can take a few days.',
    },
    partially_refunded: {
      title: 'Partly refunded',
      text: 'You get part of the amount back the same way you paid. This can take a few days.',
    },
  },
  receipt: {
    amount: 'Amount',
    refunded: 'Refunded',
    subject: 'For',
    paidTo: 'Paid to',
    sellerAccount: 'The seller’s own Stripe account',
    when: 'Paid on',
    reference: 'Reference',
    method: 'Paid with',
    // For screen readers, in place of "•••• 4242".
    endingIn: 'ending in {digits}',
    number: 'Receipt number',
    // While a bank is still processing the payment.
    seller: 'Seller',
    started: 'Started on',
    paymentNumber: 'Payment number',
  },
  comeBack: 'Keep this page and come back to it later to see the result.',
  // {when} is for example "in 9 seconds".
  leavingTo: 'You will be taken to {business} {when}.',
  leavingToSeller: 'You will be taken to the seller’s site {when}.',
  stayHere: 'Stay here',
  continueTo: 'Continue to {business}',
  continueOn: 'Continue',
  refresh: 'Check again',
  payAgain: 'Back to payment',
  print: 'Print or save',
  // Texts of the widget. The pay page has `receipt` too.
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
      title: 'This payment form was open for too long',
      text: 'You have not been charged. Close it and open it again, or pay on the payment page.',
    },
  },
};
