/**
 * The words of an AWS service for a developer's eyes: on one line, and without what a validation error quotes, which
 * may be a password, a code or a token.
 */
export function readable(message: string): string {
  return message
    .replace(/Value '.*' at '/gs, "Value '[redacted]' at '")
    .replace(/eyJ[\w-]+(\.[\w-]*)*/g, '[redacted]')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}
