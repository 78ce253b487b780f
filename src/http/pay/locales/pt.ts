import type { Strings } from '../strings.tsx';

export const pt: Strings = {
  sandbox: 'Modo de teste: nenhum valor é cobrado',
  securePayment: 'Pagamento seguro',
  amount: 'Valor',
  pay: 'Pagar {amount}',
  continueToPayment: 'Continuar para o pagamento',
  chooseAmount: 'Escolha um valor',
  otherAmount: 'Outro valor',
  atLeast: 'No mínimo {amount}',
  cardAtStripe: 'Os dados do cartão são inseridos na página segura da Stripe.',
  moneyGoesTo: 'O dinheiro vai diretamente para {business}.',
  moneyGoesToSeller: 'O dinheiro vai diretamente para a conta Stripe do vendedor.',
  scanToPay: 'Leia o código para pagar',
  scriptNeeded: 'Esta verificação precisa de JavaScript. Sem ele, aguarde um minuto e tente novamente.',
  report: 'Denunciar esta página',
  faults: {
    empty: 'Insira um valor.',
    notANumber: 'Insira o valor em algarismos, por exemplo {example}.',
    ambiguousSeparator: 'Isto pode ser lido de duas formas. Retire o separador de milhares, por exemplo {example}.',
    noDecimals: '{currency} não tem casas decimais. Insira um número inteiro.',
    tooManyDecimals: '{currency} tem no máximo {count} casas decimais.',
    belowMinimum: 'O valor mínimo é {amount}.',
    aboveMaximum: 'O valor máximo é {amount}.',
    notAMultiple: 'O valor deve ser múltiplo de {amount}.',
  },
  notices: {
    priceChanged: 'O preço mudou desde que esta página foi aberta. Confira o novo valor.',
    tryAgain: 'Não foi possível iniciar o pagamento. Nada foi cobrado. Tente novamente.',
    slowDown: 'Houve muitas tentativas em pouco tempo. Tente mais uma vez.',
    cancelled: 'Nada foi cobrado. Pode pagar aqui quando quiser.',
  },
  closed: {
    not_found: {
      title: 'Esta página não existe',
      text: 'O link pode estar incompleto ou mal escrito. Verifique-o ou pergunte a quem o enviou.',
    },
    inactive: { title: 'Pagamentos suspensos', text: 'O vendedor desativou esta página de pagamento.' },
    expired: {
      title: 'Esta página de pagamento expirou',
      text: 'Já não aceita pagamentos. Peça um novo link ao vendedor.',
    },
    sold_out: { title: 'Esgotado', text: 'Todas as vagas foram preenchidas. Nada foi cobrado.' },
    sold_out_held: {
      title: 'Sem vagas neste momento',
      text: 'Alguns compradores ainda não concluíram o pagamento. Se alguém desistir, pode abrir uma vaga. Tente novamente em alguns minutos.',
    },
    not_ready: {
      title: 'Ainda não está pronto',
      text: 'O vendedor ainda não terminou de configurar os pagamentos. Não precisa fazer nada, e nada foi cobrado.',
    },
    slow_down: {
      title: 'Um momento, por favor',
      text: 'Houve muitas tentativas em pouco tempo. Nada foi cobrado.',
    },
    unavailable: {
      title: 'Pagamentos interrompidos',
      text: 'Algo não funciona do nosso lado. Nada foi cobrado. Tente novamente em instantes.',
    },
  },
  tryAgain: 'Tentar novamente',
  tryAgainWhen: 'Pode tentar novamente {when}.',
  done: {
    confirming: {
      title: 'Pagamento em confirmação',
      text: 'Costuma demorar alguns segundos. A página atualiza sozinha. Não pague outra vez.',
    },
    processing: {
      title: 'O pagamento está a caminho',
      text: 'O banco ainda não terminou de processá-lo, o que pode levar alguns dias. Não precisa fazer mais nada. Não pague outra vez.',
    },
    paid: { title: 'Pago. Obrigado!', text: 'Guarde esta página como recibo.' },
    failed: { title: 'O pagamento não foi concluído', text: 'O banco não o realizou. Pode tentar novamente.' },
    refunded: {
      title: 'Reembolsado',
      text: 'O valor total é devolvido pelo mesmo meio de pagamento. Pode levar alguns dias.',
    },
    partially_refunded: {
      title: 'Reembolsado em parte',
      text: 'Parte do valor é devolvida pelo mesmo meio de pagamento. Pode levar alguns dias.',
    },
  },
  receipt: {
    amount: 'Valor',
    subject: 'Referente a',
    paidTo: 'Pago a',
    sellerAccount: 'A conta Stripe do vendedor',
    when: 'Data',
    reference: 'Referência',
    number: 'Número do recibo',
  },
  leaving: 'Um momento: de volta ao site do vendedor.',
  continueTo: 'Continuar para {business}',
  continueOn: 'Continuar',
  refresh: 'Verificar novamente',
  payAgain: 'Voltar ao pagamento',
  print: 'Imprimir ou guardar',
};
