import { html, type Html } from './html.ts'

interface Field {
  /** Also the `id`. */
  name: string
  label: string
  type?: 'text' | 'password' | 'email' | 'tel' | 'date' | 'url' | undefined
  value?: string | undefined
  autocomplete?: string | undefined
  /** Below the field; read out with it. */
  hint?: string | undefined
  autofocus?: boolean | undefined
  /** Default true. */
  required?: boolean | undefined
}

/** A labelled field of a form. */
export function field(field: Field): Html {
  const {
    name,
    label,
    type = 'text',
    value,
    autocomplete = 'off',
    hint,
    autofocus = false,
    required = true,
  } = field
  const typed = type === 'text' || type === 'email' || type === 'tel'
  return html`<label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${autocomplete}"
      ${attribute('value', value)}${
        typed ? html` autocapitalize="none" spellcheck="false"` : undefined
      }${attribute('aria-describedby', hint && `${name}-hint`)}${flag('required', required)}${flag('autofocus', autofocus)}
    />
    ${hint === undefined ? undefined : html`<p class="hint" id="${name}-hint">${hint}</p>`}`
}

/** Six digits that were sent or are shown by an app. Phones offer those of a text message. */
export function codeField(label: string, { autofocus = true }: { autofocus?: boolean } = {}): Html {
  return html`<label for="code">${label}</label>
    <input
      id="code"
      name="code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      maxlength="64"
      required${flag('autofocus', autofocus)}
    />`
}

/** One of several, with all that is to be known about it. */
export function choice(option: {
  name: string
  value: string
  label: string
  about?: string
  checked: boolean
}): Html {
  const { name, value, label, about, checked } = option
  return html`<label class="choice">
    <input type="radio" name="${name}" value="${value}" required${flag('checked', checked)} />
    <span>${label}${about === undefined ? undefined : html`<small>${about}</small>`}</span>
  </label>`
}

function attribute(name: string, value: string | undefined): Html | undefined {
  return value === undefined || value === '' ? undefined : html` ${name}="${value}"`
}

function flag(name: string, isSet: boolean): Html | undefined {
  return isSet ? html` ${name}` : undefined
}
