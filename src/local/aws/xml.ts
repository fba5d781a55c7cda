import { randomUUID } from '../lib/random.ts'
import type { LocalResponse } from '../server/http.ts'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes text for an XML element; control characters become references, as S3 writes them. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
    .replace(
      /[\u0000-\u001f\u007f\ufffe\uffff]/g,
      (character) => `&#x${character.charCodeAt(0).toString(16)};`,
    )
}

/** `<name>content</name>`; the content must be XML already. */
export function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`
}

/** `<name>text</name>` with the text escaped. */
export function textElement(name: string, text: string | number | boolean): string {
  return element(name, escapeXml(String(text)))
}

/** An XML answer as AWS sends it. */
export function xmlResponse(
  status: number,
  xml: string,
  contentType: string,
  headers: Record<string, string> = {},
): LocalResponse {
  return {
    status,
    headers: { 'Content-Type': contentType, ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`,
  }
}

export function createRequestId(): string {
  return randomUUID()
}
