import type { Texts } from './texts.ts'

export const de: Texts = {
  code: 'de',
  name: 'Deutsch',
  languages: 'Sprache',
  note: 'Dies ist ein lokales Cognito für die Entwicklung. Es ist nicht Amazon, und seine Benutzer gibt es nicht wirklich.',
  continueTo: (app) => `um mit ${app} fortzufahren`,
  signIn: {
    withCode: { EMAIL_OTP: 'Code per E-Mail senden', SMS_OTP: 'Code per SMS senden' },
    title: 'Anmelden',
    password: 'Passwort',
    submit: 'Anmelden',
    forgotPassword: 'Passwort vergessen?',
    newHere: 'Neu hier?',
    signUp: 'Konto anlegen',
    or: 'oder',
    continueWith: (provider) => `Weiter mit ${provider}`,
    choose: 'Wählen Sie, wie Sie sich anmelden möchten.',
  },
  newPassword: {
    title: 'Neues Passwort wählen',
    lead: (username) => `Erste Anmeldung als ${username}.`,
    label: 'Neues Passwort',
    repeat: 'Neues Passwort wiederholen',
    submit: 'Speichern und anmelden',
    different: 'Die beiden Passwörter sind nicht gleich.',
  },
  code6: {
    label: 'Code',
    submit: 'Weiter',
    resend: 'Neuen Code senden',
    sentTo: (destination) => `Wir haben einen Code an ${destination} gesendet.`,
  },
  mfa: {
    title: 'Identität bestätigen',
    softwareToken: (name) =>
      `Öffnen Sie Ihre Authenticator-App${name === undefined ? '' : ` auf ${name}`} und geben Sie den angezeigten Code ein.`,
    choose: 'Wählen Sie, wie Sie Ihre Identität bestätigen möchten.',
    factors: { SMS_MFA: 'SMS', SOFTWARE_TOKEN_MFA: 'Authenticator-App', EMAIL_OTP: 'E-Mail' },
    setUp: {
      title: 'Authenticator\u2011App einrichten',
      scan: 'Scannen Sie diesen Code mit einer Authenticator-App auf Ihrem Telefon.',
      cannotScan: 'Scannen geht nicht? Geben Sie stattdessen diesen Schlüssel in der App ein:',
      picture: 'QR-Code mit dem Schlüssel für Ihre Authenticator-App',
      enterCode: 'Geben Sie danach den Code ein, den die App zeigt.',
      deviceName: 'Name des Geräts (freiwillig)',
      email: 'Geben Sie eine E-Mail-Adresse ein, an die wir Codes senden dürfen.',
    },
  },
  signUp: {
    title: 'Konto anlegen',
    password: 'Passwort',
    repeat: 'Passwort wiederholen',
    submit: 'Konto anlegen',
    known: 'Haben Sie schon ein Konto?',
    signIn: 'Anmelden',
  },
  confirm: {
    title: 'Konto bestätigen',
    lead: 'Geben Sie den Code ein, den wir Ihnen gesendet haben.',
    submit: 'Konto bestätigen',
    done: 'Ihr Konto ist bestätigt. Sie können sich jetzt anmelden.',
    resent: 'Ein neuer Code ist unterwegs.',
  },
  forgotPassword: {
    title: 'Passwort vergessen?',
    lead: 'Sagen Sie uns, wer Sie sind. Wir senden Ihnen einen Code, mit dem Sie ein neues Passwort wählen.',
    submit: 'Code senden',
    back: 'Zurück zur Anmeldung',
  },
  resetPassword: {
    title: 'Neues Passwort wählen',
    submit: 'Passwort speichern',
    done: 'Ihr Passwort ist geändert. Sie können sich jetzt anmelden.',
  },
  provider: {
    title: (name) => `Mit ${name} anmelden`,
    lead: 'Diese Seite vertritt den Identitätsanbieter. Wählen Sie, wer Sie sind; nach einem Passwort wird nicht gefragt.',
    someoneElse: 'Oder jemand anders sein',
    subject: 'Subject (die ID beim Anbieter)',
    subjectWrong: 'Das Subject muss 1 bis 90 Zeichen ohne Leerzeichen haben.',
    submit: 'Weiter',
    cancel: 'Abbrechen, wie jemand, der es sich anders überlegt',
    fail: 'Scheitern, wie ein Anbieter mit einer Störung',
  },
  error: {
    title: 'Etwas ist schiefgegangen',
    unknown: 'Die Anfrage konnte nicht bearbeitet werden.',
    causes: {
      redirect_mismatch:
        'Die redirect_uri ist keine der Callback-URLs dieses App-Clients. Sie werden Zeichen für Zeichen verglichen.',
      invalid_request:
        'Die client_id ist unbekannt, oder client_id oder redirect_uri fehlt oder kam zweimal.',
      invalid_logout:
        'Die logout_uri ist keine der Abmelde-URLs dieses App-Clients, oder der Client ist unbekannt.',
      invalid_csrf:
        'Dieses Formular kam nicht von der Anmeldeseite dieses Browsers. Gehen Sie zurück zur App und melden Sie sich neu an.',
      invalid_state:
        'Diese Antwort eines Identitätsanbieters gehört zu keiner Anmeldung, die in diesem Browser begann, oder es dauerte zu lange.',
      invalid_code: 'Der Link zur Bestätigung des Kontos ist falsch, verbraucht oder zu alt.',
    },
  },
  tookTooLong: 'Das hat zu lange gedauert. Melden Sie sich neu an.',
  policy: (minimum, classes) => {
    const words = {
      lowercase: 'einem Kleinbuchstaben',
      uppercase: 'einem Großbuchstaben',
      numbers: 'einer Ziffer',
      symbols: 'einem Sonderzeichen',
    }
    const list = classes.map((one) => words[one])
    const last = list.pop()
    const start = `Mindestens ${minimum} Zeichen`
    if (last === undefined) return `${start}.`
    return list.length === 0 ? `${start} mit ${last}.` : `${start} mit ${list.join(', ')} und ${last}.`
  },
  signInNames: {
    username: 'Benutzername',
    email: 'E-Mail-Adresse',
    phone_number: 'Telefonnummer',
    email_or_phone_number: 'E-Mail-Adresse oder Telefonnummer',
  },
  attributes: {
    address: 'Anschrift',
    birthdate: 'Geburtsdatum',
    email: 'E-Mail-Adresse',
    family_name: 'Nachname',
    gender: 'Geschlecht',
    given_name: 'Vorname',
    locale: 'Gebietsschema',
    middle_name: 'Zweiter Vorname',
    name: 'Name',
    nickname: 'Spitzname',
    phone_number: 'Telefonnummer',
    picture: 'Adresse eines Bildes',
    preferred_username: 'Bevorzugter Benutzername',
    profile: 'Adresse Ihres Profils',
    updated_at: 'Geändert am',
    website: 'Website',
    zoneinfo: 'Zeitzone',
  },
  messages: {
    'The selected challenge is not available for the user.':
      'Diese Art der Anmeldung ist für den Benutzer nicht möglich.',
    'Incorrect username or password.': 'Der Benutzername oder das Passwort ist falsch.',
    'User does not exist.': 'Diesen Benutzer gibt es nicht.',
    'User is disabled.': 'Der Benutzer ist gesperrt.',
    'User is not confirmed.': 'Der Benutzer ist noch nicht bestätigt.',
    'User already exists': 'Diesen Benutzer gibt es schon.',
    'Password attempts exceeded': 'Zu viele Versuche. Warten Sie etwas.',
    'Password reset required for the user': 'Das Passwort muss zurückgesetzt werden.',
    'Attempt limit exceeded, please try after some time.':
      'Zu viele Versuche. Versuchen Sie es später noch einmal.',
    'Invalid verification code provided, please try again.':
      'Der Code ist falsch. Versuchen Sie es noch einmal.',
    'Invalid code provided, please request a code again.':
      'Der Code gilt nicht mehr. Fordern Sie einen neuen an.',
    'Your software token has already been used once.':
      'Dieser Code wurde schon benutzt. Warten Sie auf den nächsten.',
    'Code mismatch': 'Der Code ist falsch. Versuchen Sie es noch einmal.',
    'Invalid session for the user.': 'Diese Anmeldung gilt nicht mehr.',
    'An account with the given email already exists.': 'Es gibt schon ein Konto mit dieser E-Mail-Adresse.',
    'An account with the given phone_number already exists.':
      'Es gibt schon ein Konto mit dieser Telefonnummer.',
    'Temporary password has expired and must be reset by an administrator.':
      'Das vorläufige Passwort ist abgelaufen und muss von einem Administrator erneuert werden.',
    'Password did not conform with policy: Password not long enough': 'Das Passwort ist zu kurz.',
    'Password did not conform with policy: Password must have lowercase characters':
      'Das Passwort braucht einen Kleinbuchstaben.',
    'Password did not conform with policy: Password must have uppercase characters':
      'Das Passwort braucht einen Großbuchstaben.',
    'Password did not conform with policy: Password must have numeric characters':
      'Das Passwort braucht eine Ziffer.',
    'Password did not conform with policy: Password must have symbol characters':
      'Das Passwort braucht ein Sonderzeichen.',
    'Password did not conform with policy: Password must not have spaces':
      'Das Passwort darf keine Leerzeichen enthalten.',
  },
}
