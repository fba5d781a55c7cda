// Asks this app to call its API, and shows the request and the answer. No token ever comes here.
const wire = document.getElementById('wire')
const show = (id, text) => (document.getElementById(id).textContent = text)

async function call(name) {
  const response = await fetch(`/api-page/call?call=${encodeURIComponent(name)}`)
  // Signed out in the meantime: the page itself leads through sign-in and back.
  if (response.status === 401) return location.reload()
  if (!response.ok) throw new Error(String(response.status))
  const { request, status, statusText, challenge, body } = await response.json()
  show('request', request.join('\n'))
  show('status', `${status} ${statusText}`)
  const headers = challenge ? `WWW-Authenticate: ${challenge}\n\n` : ''
  show('response', headers + JSON.stringify(body, null, 2))
}

document.getElementById('calls').addEventListener('click', async ({ target }) => {
  const button = target.closest('button')
  if (!button) return
  button.disabled = true
  try {
    await call(button.dataset.call)
  } catch {
    show('request', '')
    show('status', 'no answer')
    show('response', 'The app could not be reached. Please try again.')
  }
  wire.hidden = false
  button.disabled = false
  button.focus()
})
