/* global document, window, getComputedStyle */
/** What makes the page hard to use, as it is shown now. */
export default function look() {
  const found = []
  const all = (selector) => [...document.querySelectorAll(selector)]
  for (const landmark of ['header', 'main', 'footer', 'h1']) {
    if (all(landmark).length !== 1) found.push(`not one <${landmark}>`)
  }
  if (document.documentElement.scrollWidth > window.innerWidth) found.push('wider than the screen')
  for (const input of all('input:not([type=hidden]):not([hidden])')) {
    if (input.labels?.length !== 1) found.push(`no label: ${input.name}`)
  }
  for (const control of all('a, button, input:not([type=hidden]):not([hidden]), label.choice')) {
    const { height } = control.getBoundingClientRect()
    const isRadio = control.matches('input[type=radio]')
    if (height < 24 && !isRadio && control.closest('p') === null)
      found.push(`too small: ${control.outerHTML.slice(0, 60)}`)
  }
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = color.map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const background = (element) => {
    if (!element) return [255, 255, 255]
    const [red = 0, green = 0, blue = 0, alpha = 1] = channels(getComputedStyle(element).backgroundColor)
    return alpha === 0 ? background(element.parentElement) : [red, green, blue]
  }
  for (const element of all('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
    if (!hasText || element.closest('[hidden], style')) continue
    const [one, other] = [channels(getComputedStyle(element).color), background(element)]
      .map(luminance)
      .sort()
    const contrast = ((other ?? 0) + 0.05) / ((one ?? 0) + 0.05)
    if (contrast < 4.5)
      found.push(`contrast ${contrast.toFixed(2)}: ${element.textContent?.trim().slice(0, 40)}`)
  }
  return found
}
