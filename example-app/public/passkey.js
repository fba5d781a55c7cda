// Asks the browser to make or to use a passkey, and sends what it gives as the form of the page. It is the one thing that needs a script.
const able = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'
for (const button of document.querySelectorAll('[data-needs-passkeys]')) button.hidden = !able

const form = document.querySelector('form[data-passkey]')
if (form) {
  document.getElementById('no-script').hidden = true
  const { passkey, options: json } = form.dataset
  const button = form.querySelector('button')
  const trouble = document.getElementById('trouble')
  const say = (text) => {
    trouble.textContent = text
    trouble.hidden = false
  }

  async function ask() {
    const options = JSON.parse(json)
    if (passkey === 'create') {
      const publicKey = globalThis.PublicKeyCredential.parseCreationOptionsFromJSON(options)
      return navigator.credentials.create({ publicKey })
    }
    return navigator.credentials.get({
      publicKey: globalThis.PublicKeyCredential.parseRequestOptionsFromJSON(options),
    })
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    trouble.hidden = true
    try {
      const credential = await ask()
      form.elements.credential.value = JSON.stringify(credential.toJSON())
      // Past this listener.
      form.submit()
    } catch (error) {
      button.disabled = false
      say(
        error.name === 'InvalidStateError'
          ? 'This authenticator holds a passkey for you already.'
          : 'The browser has given no passkey. Try again, or choose another way.',
      )
    }
  })

  if (able) button.disabled = false
  else say('This browser cannot use passkeys here.')
}
