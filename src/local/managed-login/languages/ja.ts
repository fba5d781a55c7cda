import type { Texts } from './texts.ts'

export const ja: Texts = {
  code: 'ja',
  name: '日本語',
  languages: '言語',
  note: 'これは開発用のローカル Cognito です。Amazon のサービスではなく、ユーザーも実在しません。',
  continueTo: (app) => `${app} に進みます`,
  signIn: {
    withCode: { EMAIL_OTP: 'メールでコードを受け取る', SMS_OTP: 'SMS でコードを受け取る' },
    title: 'サインイン',
    password: 'パスワード',
    submit: 'サインイン',
    forgotPassword: 'パスワードをお忘れですか？',
    newHere: '初めてご利用ですか？',
    signUp: 'アカウントを作成',
    or: 'または',
    continueWith: (provider) => `${provider} で続行`,
    choose: 'サインインの方法を選んでください。',
  },
  newPassword: {
    title: '新しいパスワードの設定',
    lead: (username) => `${username} として初めてサインインします。`,
    label: '新しいパスワード',
    repeat: '新しいパスワード（確認）',
    submit: '保存してサインイン',
    different: '2 つのパスワードが一致しません。',
  },
  code6: {
    label: 'コード',
    submit: '続行',
    resend: 'コードを再送信',
    sentTo: (destination) => `${destination} にコードを送信しました。`,
  },
  mfa: {
    title: '本人確認',
    softwareToken: (name) =>
      `${name === undefined ? '' : `${name} の`}認証アプリを開き、表示されているコードを入力してください。`,
    choose: '本人確認の方法を選んでください。',
    factors: { SMS_MFA: 'SMS', SOFTWARE_TOKEN_MFA: '認証アプリ', EMAIL_OTP: 'E メール' },
    setUp: {
      title: '認証アプリの設定',
      scan: 'スマートフォンの認証アプリでこのコードを読み取ってください。',
      cannotScan: '読み取れない場合は、このキーをアプリに入力してください。',
      picture: '認証アプリ用キーの QR コード',
      enterCode: '続いて、アプリに表示されたコードを入力してください。',
      deviceName: 'デバイスの名前（任意）',
      email: 'コードの送信先にする E メールアドレスを入力してください。',
    },
  },
  signUp: {
    title: 'アカウントの作成',
    password: 'パスワード',
    repeat: 'パスワード（確認）',
    submit: 'アカウントを作成',
    known: 'すでにアカウントをお持ちですか？',
    signIn: 'サインイン',
  },
  confirm: {
    title: 'アカウントの確認',
    lead: '送信されたコードを入力してください。',
    submit: 'アカウントを確認',
    done: 'アカウントが確認されました。サインインできます。',
    resent: '新しいコードを送信しました。',
  },
  forgotPassword: {
    title: 'パスワードをお忘れですか？',
    lead: 'ユーザーを入力してください。新しいパスワードを設定するためのコードを送信します。',
    submit: 'コードを送信',
    back: 'サインインに戻る',
  },
  resetPassword: {
    title: '新しいパスワードの設定',
    submit: 'パスワードを保存',
    done: 'パスワードが変更されました。サインインできます。',
  },
  provider: {
    title: (name) => `${name} でサインイン`,
    lead: 'このページは ID プロバイダーの代わりです。誰としてサインインするかを選んでください。パスワードは不要です。',
    someoneElse: '別の人としてサインイン',
    subject: 'サブジェクト（プロバイダーでの ID）',
    subjectWrong: 'サブジェクトは空白を含まない 1〜90 文字にしてください。',
    submit: '続行',
    cancel: 'キャンセル（ユーザーが中止した場合）',
    fail: '失敗させる（プロバイダーに障害がある場合）',
  },
  error: {
    title: 'エラーが発生しました',
    unknown: 'リクエストを処理できませんでした。',
    causes: {
      redirect_mismatch:
        'redirect_uri がこのアプリクライアントのコールバック URL に含まれていません。文字列として完全に一致する必要があります。',
      invalid_request: 'client_id が不明か、client_id または redirect_uri がないか、重複しています。',
      invalid_logout:
        'logout_uri がこのアプリクライアントのサインアウト URL に含まれていないか、クライアントが不明です。',
      invalid_csrf:
        'このフォームはこのブラウザのサインインページから送信されたものではありません。アプリに戻ってサインインし直してください。',
      invalid_state:
        'この ID プロバイダーの応答は、このブラウザで開始されたサインインのものではないか、時間がかかりすぎました。',
      invalid_code: 'アカウント確認のリンクが正しくないか、使用済みか、期限切れです。',
    },
  },
  tookTooLong: '時間切れです。もう一度サインインしてください。',
  policy: (minimum, classes) => {
    const words = { lowercase: '小文字', uppercase: '大文字', numbers: '数字', symbols: '記号' }
    const list = classes.map((one) => words[one]).join('、')
    return list === '' ? `${minimum} 文字以上。` : `${minimum} 文字以上で、${list}を含めてください。`
  },
  signInNames: {
    username: 'ユーザー名',
    email: 'E メールアドレス',
    phone_number: '電話番号',
    email_or_phone_number: 'E メールアドレスまたは電話番号',
  },
  attributes: {
    address: '住所',
    birthdate: '生年月日',
    email: 'E メールアドレス',
    family_name: '姓',
    gender: '性別',
    given_name: '名',
    locale: 'ロケール',
    middle_name: 'ミドルネーム',
    name: '氏名',
    nickname: 'ニックネーム',
    phone_number: '電話番号',
    picture: '画像の URL',
    preferred_username: '希望するユーザー名',
    profile: 'プロフィールの URL',
    updated_at: '更新日時',
    website: 'ウェブサイト',
    zoneinfo: 'タイムゾーン',
  },
  messages: {
    'The selected challenge is not available for the user.': 'このユーザーはこの方法を利用できません。',
    'Incorrect username or password.': 'ユーザー名またはパスワードが正しくありません。',
    'User does not exist.': 'ユーザーが存在しません。',
    'User is disabled.': 'ユーザーは無効になっています。',
    'User is not confirmed.': 'ユーザーはまだ確認されていません。',
    'User already exists': 'このユーザーはすでに存在します。',
    'Password attempts exceeded': '試行回数が多すぎます。しばらくお待ちください。',
    'Password reset required for the user': 'パスワードのリセットが必要です。',
    'Attempt limit exceeded, please try after some time.':
      '試行回数が多すぎます。しばらくしてからお試しください。',
    'Invalid verification code provided, please try again.':
      'コードが正しくありません。もう一度お試しください。',
    'Invalid code provided, please request a code again.':
      'コードの有効期限が切れています。新しいコードを請求してください。',
    'Your software token has already been used once.':
      'このコードは使用済みです。次のコードをお待ちください。',
    'Code mismatch': 'コードが正しくありません。もう一度お試しください。',
    'Invalid session for the user.': 'このサインインは無効になりました。',
    'An account with the given email already exists.':
      'この E メールアドレスのアカウントはすでに存在します。',
    'An account with the given phone_number already exists.': 'この電話番号のアカウントはすでに存在します。',
    'Temporary password has expired and must be reset by an administrator.':
      '仮パスワードの有効期限が切れています。管理者による再設定が必要です。',
    'Password did not conform with policy: Password not long enough': 'パスワードが短すぎます。',
    'Password did not conform with policy: Password must have lowercase characters':
      'パスワードには小文字が必要です。',
    'Password did not conform with policy: Password must have uppercase characters':
      'パスワードには大文字が必要です。',
    'Password did not conform with policy: Password must have numeric characters':
      'パスワードには数字が必要です。',
    'Password did not conform with policy: Password must have symbol characters':
      'パスワードには記号が必要です。',
    'Password did not conform with policy: Password must not have spaces': 'パスワードに空白は使えません。',
  },
}
