/* What tus-js-client is told about one file, and what its errors mean to a person. */
const RETRY_MS = [0, 1000, 3000, 8000, 20_000];
const CHUNK_BYTES = 16 * 1024 * 1024;
/* Refusals that pass: a lock, a conflict about the offset, too many at once. */
const PASSING = new Set([409, 423, 429]);

/* data-meta-remix-of="12" on the form becomes the tus metadata remix_of. */
function extras(form) {
  const named = [...form.attributes].filter(({ name }) => name.startsWith("data-meta-"));
  return Object.fromEntries(named.map(({ name, value }) => [name.slice(10).replaceAll("-", "_"), value]));
}

export function options(form, file) {
  return {
    endpoint: form.dataset.endpoint,
    chunkSize: Number(form.dataset.chunk) || CHUNK_BYTES,
    retryDelays: RETRY_MS,
    removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type, ...extras(form) },
    headers: { "X-CSRFToken": form.querySelector("[name='csrfmiddlewaretoken']")?.value ?? "" },
    onShouldRetry: (error) => navigator.onLine && reason(error, {}).again,
    onAfterResponse: insistOnOffset,
  };
}

/* A proxy before a site that is just starting answers 502. Without this tus-js-client would take it for "there is no
   such upload" and begin anew; thrown here it is a lost connection, after which it asks again. */
function insistOnOffset(request, answer) {
  if (request.getMethod() === "HEAD" && answer.getStatus() >= 500) throw new Error(`HEAD: ${answer.getStatus()}`);
}

/* The server's one plain sentence where there is one, and whether trying again can help. */
export function reason(error, texts) {
  const answer = error.originalResponse;
  const body = answer?.getBody?.().trim() ?? "";
  const code = answer?.getStatus?.() ?? 0;
  const plain = body && body.length < 300 && !body.startsWith("<");
  const text = navigator.onLine ? (plain ? body : "") : texts.offline;
  return { text, again: code < 400 || code >= 500 || PASSING.has(code) };
}
