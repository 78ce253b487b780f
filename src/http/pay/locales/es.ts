import type { Strings } from '../strings.tsx';

export const es: Strings = {
  sandbox: 'Modo de prueba: no se mueve dinero',
  securePayment: 'Pago seguro',
  amount: 'Importe',
  pay: 'Pagar {amount}',
  continueToPayment: 'Continuar al pago',
  chooseAmount: 'Elige un importe',
  otherAmount: 'Otro importe',
  atLeast: 'Como mínimo {amount}',
  cardAtStripe: 'La tarjeta se introduce en la página segura de Stripe.',
  moneyGoesTo: 'El dinero va directamente a {business}.',
  moneyGoesToSeller: 'El dinero va directamente a la cuenta de Stripe del vendedor.',
  scanToPay: 'Escanea para pagar',
  scriptNeeded: 'Esta comprobación necesita JavaScript. Si no lo tienes, espera un minuto y vuelve a intentarlo.',
  report: 'Denunciar esta página',
  faults: {
    empty: 'Escribe un importe.',
    notANumber: 'Escribe el importe con cifras, por ejemplo {example}.',
    ambiguousSeparator: 'Se puede leer de dos maneras. Quita el separador de miles, por ejemplo {example}.',
    noDecimals: '{currency} no tiene decimales. Escribe un número entero.',
    tooManyDecimals: '{currency} tiene como máximo {count} decimales.',
    belowMinimum: 'El importe mínimo es {amount}.',
    aboveMaximum: 'El importe máximo es {amount}.',
    notAMultiple: 'El importe debe ser múltiplo de {amount}.',
  },
  notices: {
    priceChanged: 'El precio ha cambiado desde que abriste esta página. Comprueba el nuevo importe.',
    tryAgain: 'No se ha podido iniciar el pago. No se te ha cobrado nada. Vuelve a intentarlo.',
    slowDown: 'Ha habido muchos intentos en poco tiempo. Vuelve a intentarlo.',
    cancelled: 'No se te ha cobrado nada. Puedes pagar aquí cuando quieras.',
  },
  closed: {
    not_found: {
      title: 'Esta página no existe',
      text: 'Puede que el enlace esté incompleto o mal escrito. Revísalo o pregunta a quien te lo envió.',
    },
    inactive: { title: 'No se aceptan pagos', text: 'El vendedor ha desactivado esta página de pago.' },
    expired: {
      title: 'Esta página de pago ha caducado',
      text: 'Ya no acepta pagos. Pide un enlace nuevo al vendedor.',
    },
    sold_out: { title: 'Agotado', text: 'Todas las plazas están ocupadas. No se te ha cobrado nada.' },
    sold_out_held: {
      title: 'Ahora mismo no quedan plazas',
      text: 'Algunos compradores aún están pagando. Si alguno no termina, puede quedar una plaza libre. Vuelve a intentarlo en unos minutos.',
    },
    not_ready: {
      title: 'Todavía no está listo',
      text: 'El vendedor está configurando sus pagos. No tienes que hacer nada y no se te ha cobrado nada.',
    },
    slow_down: {
      title: 'Un momento, por favor',
      text: 'Ha habido muchos intentos en poco tiempo. No se te ha cobrado nada.',
    },
    unavailable: {
      title: 'Pagos interrumpidos',
      text: 'Algo no funciona por nuestra parte. No se te ha cobrado nada. Vuelve a intentarlo en un momento.',
    },
  },
  tryAgain: 'Volver a intentarlo',
  tryAgainWhen: 'Puedes volver a intentarlo {when}.',
  done: {
    confirming: {
      title: 'Confirmando tu pago',
      text: 'Suele tardar unos segundos. La página se actualiza sola. No pagues otra vez.',
    },
    processing: {
      title: 'Tu pago está en camino',
      text: 'El banco aún lo está procesando y puede tardar unos días. No tienes que hacer nada más. No pagues otra vez.',
    },
    paid: { title: 'Pagado. ¡Gracias!', text: 'Guarda esta página como recibo.' },
    failed: { title: 'El pago no se ha completado', text: 'El banco no lo ha realizado. Puedes volver a intentarlo.' },
    refunded: {
      title: 'Reembolsado',
      text: 'El importe completo se devuelve por el mismo medio de pago. Puede tardar unos días.',
    },
    partially_refunded: {
      title: 'Reembolsado en parte',
      text: 'Parte del importe se devuelve por el mismo medio de pago. Puede tardar unos días.',
    },
  },
  receipt: {
    amount: 'Importe',
    subject: 'Concepto',
    paidTo: 'Pagado a',
    sellerAccount: 'La cuenta de Stripe del vendedor',
    when: 'Fecha',
    reference: 'Referencia',
    number: 'Número de recibo',
  },
  leaving: 'Un momento: vuelves a la página del vendedor.',
  continueTo: 'Continuar a {business}',
  continueOn: 'Continuar',
  refresh: 'Comprobar de nuevo',
  payAgain: 'Volver al pago',
  print: 'Imprimir o guardar',
};
