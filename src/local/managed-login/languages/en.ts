import type { Texts } from './texts.ts'

export const en: Texts = {
  code: 'en',
  name: 'English',
  languages: 'Language',
  note: 'This is a local Cognito for development. It is not Amazon, and its users are not real.',
  continueTo: (app) => `to continue to ${app}`,
  signIn: {
    withCode: { EMAIL_OTP: 'Send me a code by e-mail', SMS_OTP: 'Send me a code by text message' },
    title: 'Sign in',
    password: 'Password',
    submit: 'Sign in',
    forgotPassword: 'Forgot your password?',
    newHere: 'New here?',
    signUp: 'Create an account',
    or: 'or',
    continueWith: (provider) => `Continue with ${provider}`,
    choose: 'Choose how you want to sign in.',
  },
  newPassword: {
    title: 'Choose a new password',
    lead: (username) => `Signing in as ${username} for the first time.`,
    label: 'New password',
    repeat: 'Repeat the new password',
    submit: 'Save and sign in',
    different: 'The two passwords are not the same.',
  },
  code6: {
    label: 'Code',
    submit: 'Continue',
    resend: 'Send a new code',
    sentTo: (destination) => `We sent a code to ${destination}.`,
  },
  mfa: {
    title: 'Confirm that it is you',
    softwareToken: (name) =>
      `Open your authenticator app${name === undefined ? '' : ` on ${name}`} and enter the code that it shows.`,
    choose: 'Choose how you want to confirm it.',
    factors: { SMS_MFA: 'Text message', SOFTWARE_TOKEN_MFA: 'Authenticator app', EMAIL_OTP: 'E-mail' },
    setUp: {
      title: 'Set up an authenticator app',
      scan: 'Scan this code with an authenticator app on your phone.',
      cannotScan: 'Cannot scan it? Enter this key in the app instead:',
      picture: 'QR code with the key for your authenticator app',
      enterCode: 'Then enter the code that the app shows.',
      deviceName: 'Name of the device (optional)',
      email: 'Enter an e-mail address that we may send codes to.',
    },
  },
  signUp: {
    title: 'Create an account',
    password: 'Password',
    repeat: 'Repeat the password',
    submit: 'Create account',
    known: 'Have an account already?',
    signIn: 'Sign in',
  },
  confirm: {
    title: 'Confirm your account',
    lead: 'Enter the code that we sent you.',
    submit: 'Confirm account',
    done: 'Your account is confirmed. You can sign in now.',
    resent: 'A new code is on its way.',
  },
  forgotPassword: {
    title: 'Forgot your password?',
    lead: 'Say who you are, and we send you a code to choose a new password.',
    submit: 'Send code',
    back: 'Back to sign-in',
  },
  resetPassword: {
    title: 'Choose a new password',
    submit: 'Save password',
    done: 'Your password is changed. You can sign in now.',
  },
  provider: {
    title: (name) => `Sign in with ${name}`,
    lead: 'This page stands in for the identity provider. Choose who you are; nobody is asked for a password.',
    someoneElse: 'Or be someone else',
    subject: 'Subject (the id at the provider)',
    subjectWrong: 'The subject must be 1 to 90 characters without spaces.',
    submit: 'Continue',
    cancel: 'Cancel, as someone who changes their mind',
    fail: 'Fail, as a provider in trouble',
  },
  error: {
    title: 'Something went wrong',
    unknown: 'The request could not be handled.',
    causes: {
      redirect_mismatch:
        'The redirect_uri is not one of the callback URLs of this app client. They are compared as exact strings.',
      invalid_request: 'The client_id is unknown, or client_id or redirect_uri is missing or was sent twice.',
      invalid_logout:
        'The logout_uri is not one of the sign-out URLs of this app client, or the client is unknown.',
      invalid_csrf:
        'This form did not come from the login page of this browser. Go back to the app and sign in again.',
      invalid_state:
        'This answer of an identity provider belongs to no sign-in that was begun in this browser, or that took too long.',
      invalid_code: 'The link to confirm the account is wrong, was used already, or is too old.',
    },
  },
  tookTooLong: 'That took too long. Sign in again.',
  policy: (minimum, classes) => {
    const words = {
      lowercase: 'a lower-case letter',
      uppercase: 'an upper-case letter',
      numbers: 'a digit',
      symbols: 'a symbol',
    }
    const list = classes.map((one) => words[one])
    const last = list.pop()
    const start = `At least ${minimum} characters`
    if (last === undefined) return `${start}.`
    return list.length === 0 ? `${start}, with ${last}.` : `${start}, with ${list.join(', ')} and ${last}.`
  },
  signInNames: {
    username: 'Username',
    email: 'E-mail address',
    phone_number: 'Phone number',
    email_or_phone_number: 'E-mail address or phone number',
  },
  attributes: {
    address: 'Address',
    birthdate: 'Date of birth',
    email: 'E-mail address',
    family_name: 'Family name',
    gender: 'Gender',
    given_name: 'Given name',
    locale: 'Locale',
    middle_name: 'Middle name',
    name: 'Name',
    nickname: 'Nickname',
    phone_number: 'Phone number',
    picture: 'Address of a picture',
    preferred_username: 'Preferred username',
    profile: 'Address of your profile',
    updated_at: 'Updated at',
    website: 'Website',
    zoneinfo: 'Time zone',
  },
  messages: {},
}
