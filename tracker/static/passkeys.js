// Passkeys: a form with a challenge asks the browser to make one or to sign with one, and sends what it says.
// What a form holds for that: pages/account/relying.py. Without it, or in a browser without passkeys, a link signs in.
"use strict";

(() => {
  const ALGORITHMS = [-8, -7, -257]; // Ed25519, ECDSA and RSA with SHA-256, as the server takes them
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const key = (id) => ({ type: "public-key", id: bytes(id) });

  const make = ({ challenge, host, handle, others, email, person }) =>
    navigator.credentials.create({
      publicKey: {
        challenge: bytes(challenge),
        rp: { id: host, name: "Partnership tracker" },
        user: { id: bytes(handle), name: email, displayName: person },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        excludeCredentials: others.split(" ").filter(Boolean).map(key),
        attestation: "none",
      },
    });

  const sign = ({ challenge, host }) =>
    navigator.credentials.get({
      publicKey: { challenge: bytes(challenge), rpId: host, userVerification: "required" },
    });

  const answer = ({ id, rawId, type, response }) => {
    const said = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) said[name] = text(response[name]);
    }
    return JSON.stringify({ id, rawId: text(rawId), type, response: said });
  };

  const words = (fault) =>
    fault.name === "InvalidStateError"
      ? "This device has a passkey of yours already."
      : "No passkey was used. Try again, or go on without.";

  for (const form of document.querySelectorAll("form[data-challenge]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    for (const without of document.querySelectorAll("[data-without-passkeys]")) without.hidden = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const credential = await (form.dataset.handle ? make : sign)(form.dataset);
        form.elements.answer.value = answer(credential);
        form.submit();
      } catch (fault) {
        form.querySelector("[role=status]").textContent = words(fault);
      }
    });
  }
})();
