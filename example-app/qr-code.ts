import QRCode from 'qrcode'

/** The secret of an authenticator app, to scan and to type. */
export interface QrCode {
  /** An SVG element. */
  svg: string
  /** In groups of four. */
  text: string
}

/** Draws the key URI on this server: no script in the browser and no other site ever sees it. */
export async function qrCode({ url, secret }: { url: string; secret: string }): Promise<QrCode> {
  const svg = await QRCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
  return { svg, text: secret.replace(/.{4}(?=.)/g, '$& ') }
}
