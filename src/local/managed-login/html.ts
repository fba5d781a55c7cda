/** HTML that is safe to place in a page. Only {@link html} makes it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Html | undefined | readonly Html[]

/** A template tag that escapes every value that is not {@link Html} itself. Undefined is nothing; a list is joined. */
export function html(parts: TemplateStringsArray, ...values: Part[]): Html {
  const escaped = values.map(textOf)
  return new Html(parts.map((part, index) => part + (escaped[index] ?? '')).join(''))
}

function textOf(value: Part): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  return typeof value === 'string' || typeof value === 'number'
    ? escape(String(value))
    : value.map(({ text }) => text).join('')
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}
