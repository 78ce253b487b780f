import type { Strings } from '../strings.tsx';

export const ja: Strings = {
  sandbox: 'テストモード：実際の請求は発生しません',
  securePayment: '安全なお支払い',
  amount: '金額',
  pay: '{amount} を支払う',
  continueToPayment: 'お支払いに進む',
  chooseAmount: '金額を選ぶ',
  otherAmount: 'その他の金額',
  atLeast: '{amount} 以上',
  cardAtStripe: 'カード情報は Stripe の安全なページで入力します。',
  moneyGoesTo: '代金は {business} に直接支払われます。',
  moneyGoesToSeller: '代金は販売者の Stripe アカウントに直接支払われます。',
  scanToPay: '読み取って支払う',
  scriptNeeded: 'この確認には JavaScript が必要です。使えない場合は、1 分ほど待ってからもう一度お試しください。',
  report: 'このページを報告',
  faults: {
    empty: '金額を入力してください。',
    notANumber: '金額を数字で入力してください。例：{example}',
    ambiguousSeparator: '2 通りに読める金額です。桁区切りを入れずに入力してください。例：{example}',
    noDecimals: '{currency} に小数はありません。整数で入力してください。',
    tooManyDecimals: '{currency} の小数は {count} 桁までです。',
    belowMinimum: '最低金額は {amount} です。',
    aboveMaximum: '最高金額は {amount} です。',
    notAMultiple: '金額は {amount} の倍数で入力してください。',
  },
  notices: {
    priceChanged: 'ページを開いたあとに価格が変わりました。新しい金額をご確認ください。',
    tryAgain: 'お支払いを開始できませんでした。請求は発生していません。もう一度お試しください。',
    slowDown: '短時間に多くの操作がありました。もう一度お試しください。',
    cancelled: '請求は発生していません。いつでもこちらからお支払いいただけます。',
  },
  closed: {
    not_found: {
      title: 'ページが見つかりません',
      text: 'リンクが途中で切れているか、間違っている可能性があります。リンクを確認するか、送り主にお問い合わせください。',
    },
    inactive: { title: '受付を停止しています', text: '販売者がこのお支払いページを停止しています。' },
    expired: {
      title: 'お支払いページの期限が切れました',
      text: 'このページではお支払いいただけません。販売者に新しいリンクをご依頼ください。',
    },
    sold_out: { title: '受付終了', text: '定員に達しました。請求は発生していません。' },
    sold_out_held: {
      title: '現在、空きがありません',
      text: 'お支払い中の方がいます。手続きが完了しなければ、再び空きが出ることがあります。数分後にもう一度お試しください。',
    },
    not_ready: {
      title: '準備中です',
      text: '販売者がお支払いの受付を準備しています。お客様の操作は必要ありません。請求は発生していません。',
    },
    slow_down: {
      title: '少々お待ちください',
      text: '短時間に多くの操作がありました。請求は発生していません。',
    },
    unavailable: {
      title: 'お支払いを受け付けられません',
      text: '当サービスに問題が発生しています。請求は発生していません。しばらくしてからもう一度お試しください。',
    },
  },
  tryAgain: 'もう一度試す',
  tryAgainWhen: '{when}にもう一度お試しいただけます。',
  done: {
    confirming: {
      title: 'お支払いを確認しています',
      text: '通常は数秒で完了し、ページは自動で更新されます。もう一度支払わないでください。',
    },
    processing: {
      title: 'お支払いを処理しています',
      text: '銀行での処理に数日かかることがあります。お客様の操作は必要ありません。もう一度支払わないでください。',
    },
    paid: { title: 'お支払いが完了しました', text: 'このページを領収の控えとして保管してください。' },
    failed: {
      title: 'お支払いが完了しませんでした',
      text: '銀行で処理されませんでした。もう一度お試しいただけます。',
    },
    refunded: {
      title: '返金しました',
      text: '全額を、お支払いと同じ方法に返金します。数日かかることがあります。',
    },
    partially_refunded: {
      title: '一部を返金しました',
      text: '一部の金額を、お支払いと同じ方法に返金します。数日かかることがあります。',
    },
  },
  receipt: {
    amount: '金額',
    subject: '内容',
    paidTo: '支払先',
    sellerAccount: '販売者の Stripe アカウント',
    when: '日時',
    reference: '参照番号',
    number: '控え番号',
  },
  leaving: '少々お待ちください。販売者のサイトに戻ります。',
  continueTo: '{business} に進む',
  continueOn: '次へ',
  refresh: 'もう一度確認する',
  payAgain: 'お支払いに戻る',
  print: '印刷または保存',
};
