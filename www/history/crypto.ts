/** A key that encrypts in this browser and can't be read out of it. */
export interface HistoryKey {
  /** Tells one key from the next; random, says nothing about the shopper. */
  readonly keyId: string;
  readonly key: CryptoKey;
}

/** What lies in the database: nothing readable but a random id. */
export interface SealedRecord {
  readonly id: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: ArrayBuffer;
}

const IV_BYTES = 12;

/** Whether this page may encrypt at all: `crypto.subtle` exists in secure contexts only. */
export function canEncrypt(): boolean {
  return typeof crypto !== "undefined" && typeof crypto.subtle !== "undefined";
}

/** A new AES-GCM key of 256 bits, not extractable. */
export async function newKey(): Promise<HistoryKey> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return { keyId: crypto.randomUUID(), key };
}

/**
 * Encrypts `value` as JSON under a fresh random nonce.
 *
 * The record's id is authenticated too, so that ciphertexts can't be swapped between records.
 */
export async function seal({ key }: HistoryKey, id: string, value: unknown): Promise<SealedRecord> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plaintext = new TextEncoder().encode(JSON.stringify(value));
  const ciphertext = await crypto.subtle.encrypt(parameters(iv, id), key, plaintext);
  return { id, iv, ciphertext };
}

/** What is inside, or `undefined` where the key does not fit or the bytes are not what was sealed. */
export async function open({ key }: HistoryKey, record: SealedRecord): Promise<{ value: unknown } | undefined> {
  try {
    const plaintext = await crypto.subtle.decrypt(parameters(record.iv, record.id), key, record.ciphertext);
    return { value: JSON.parse(new TextDecoder().decode(plaintext)) };
  } catch {
    return undefined;
  }
}

function parameters(iv: Uint8Array<ArrayBuffer>, id: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(`nearshelf-history/1/${id}`) };
}
