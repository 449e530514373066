// Makes a passkey or asks for one. A form with data-passkey is hidden until a browser that can do it shows it.
const forms = window.PublicKeyCredential ? document.querySelectorAll('form[data-passkey]') : []

for (const form of forms) {
  form.hidden = false
  for (const instead of document.querySelectorAll('.cg-without-passkeys')) instead.hidden = true
  const button = form.querySelector('button')
  const problem = form.querySelector('[role=alert]')
  button.addEventListener('click', async () => {
    problem.hidden = true
    try {
      const options = JSON.parse(form.dataset.options || (await fetched(form.dataset.optionsHref)))
      const credential = await (form.dataset.passkey === 'make' ? make(options) : ask(options))
      form.elements.credential.value = JSON.stringify(credential)
      form.submit()
    } catch {
      problem.hidden = false // somebody cancelled it, or it is no passkey of theirs
    }
  })
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: 'application/json' } })
  return (await answer.json()).options
}

async function make({ publicKey }) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: (publicKey.excludeCredentials || []).map(known)
    }
  })
  return {
    ...common(made),
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject)
    }
  }
}

async function ask({ publicKey }) {
  const given = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: (publicKey.allowCredentials || []).map(known)
    }
  })
  const { userHandle } = given.response
  return {
    ...common(given),
    response: {
      clientDataJSON: text(given.response.clientDataJSON),
      authenticatorData: text(given.response.authenticatorData),
      signature: text(given.response.signature),
      userHandle: userHandle ? text(userHandle) : null
    }
  }
}

function common(credential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults()
  }
}

const known = (credential) => ({ ...credential, id: bytes(credential.id) })

// Bytes travel as base64url.
function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function bytes(encoded) {
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
