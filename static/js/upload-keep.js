/* Files that were chosen and not yet delivered, kept by the browser, so that they survive
   the log-in page and a reload. Larger files are asked for again: the server keeps what arrived. */
const MOST_BYTES = 200 * 1024 * 1024;
const STORE = "files";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("upload-tray", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const keyOf = (file) => `${file.name}:${file.size}:${file.lastModified}`;

/* Each of these may fail in a private window; then files simply have to be chosen again. */
export async function keep(file) {
  if (file.size > MOST_BYTES) return false;
  try {
    await within("readwrite", (store) => store.put(file, keyOf(file)));
    return true;
  } catch {
    return false;
  }
}

export async function forget(file) {
  try {
    await within("readwrite", (store) => store.delete(keyOf(file)));
  } catch {
    // Nothing was kept.
  }
}

export async function kept() {
  try {
    return await within("readonly", (store) => store.getAll());
  } catch {
    return [];
  }
}
