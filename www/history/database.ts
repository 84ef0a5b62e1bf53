import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import { type HistoryKey, newKey, open, seal, type SealedRecord } from "./crypto.js";
import type { HistoryStore, Loaded } from "./memory.js";
import { type HistoryRecord, type HistorySettings, parseRecord, parseSettings } from "./records.js";

interface Schema extends DBSchema {
  keys: { key: string; value: HistoryKey & { id: string } };
  records: { key: string; value: SealedRecord };
  settings: { key: string; value: HistorySettings & { id: string } };
}

type Database = IDBPDatabase<Schema>;
const ONLY = "main";

const VERSION = 1;

/**
 * History in IndexedDB: records are AES-GCM ciphertexts, their key lies beside them and can't be exported.
 *
 * Several tabs may write at once. A write checks inside its transaction that the key is still the one it was
 * sealed with (another tab may have erased), and seals again when it is not.
 */
export class DatabaseStore implements HistoryStore {
  readonly #database: Database;
  #key: HistoryKey | undefined;

  private constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Opens or creates the database `name`.
   *
   * Rejects where the browser has no IndexedDB for this page, or refuses to open it.
   */
  static async open(name: string): Promise<DatabaseStore> {
    const database = await openDB<Schema>(name, VERSION, {
      upgrade(created) {
        created.createObjectStore("keys", { keyPath: "id" });
        created.createObjectStore("records", { keyPath: "id" });
        created.createObjectStore("settings", { keyPath: "id" });
      },
      blocking: closeForOthers,
    });
    return new DatabaseStore(database);
  }

  /** Opens the database `name` where there is one, and leaves nothing behind where there is none. */
  static async openExisting(name: string): Promise<DatabaseStore | undefined> {
    if (typeof indexedDB === "undefined") return undefined;
    try {
      const database = await openDB<Schema>(name, VERSION, {
        upgrade(_created, _oldVersion, _newVersion, transaction) {
          transaction.done.catch(() => undefined);
          // A database whose creation is aborted never was.
          transaction.abort();
        },
        blocking: closeForOthers,
      });
      return new DatabaseStore(database);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === "AbortError") return undefined;
      throw cause;
    }
  }

  async load(): Promise<Loaded> {
    // One transaction, so that records and key are of one moment, whatever other tabs do.
    const transaction = this.#database.transaction(["keys", "records", "settings"]);
    const [key, sealed, settings] = await Promise.all([
      transaction.objectStore("keys").get(ONLY),
      transaction.objectStore("records").getAll(),
      transaction.objectStore("settings").get(ONLY),
    ]);
    this.#key = key;
    const opened = await Promise.all(sealed.map(async (record) => (key ? open(key, record) : undefined)));
    const records = sealed.map(({ id }, position) => parseRecord(id, opened[position]?.value));
    // What nobody can read is no history; what decrypts to something unknown is not the key's fault.
    await this.remove(sealed.filter((_, position) => records[position] === undefined).map(({ id }) => id));
    return {
      records: records.filter((record) => record !== undefined),
      settings: settings && parseSettings(settings),
      keyLost: opened.includes(undefined),
    };
  }

  async put(records: readonly HistoryRecord[]): Promise<void> {
    if (records.length === 0) return;
    // Further attempts: only after an erase in another tab between sealing and writing.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const key = this.#key ?? (await newKey());
      const sealed = await Promise.all(records.map((record) => seal(key, record.id, record)));
      const transaction = this.#database.transaction(["keys", "records"], "readwrite");
      const keys = transaction.objectStore("keys");
      const stored = await keys.get(ONLY);
      // A key that was stored once and is gone was erased: it must not come back.
      if (stored ? stored.keyId === key.keyId : !this.#key) {
        const store = transaction.objectStore("records");
        await Promise.all([
          ...(stored ? [] : [keys.put({ id: ONLY, ...key })]),
          ...sealed.map((record) => store.put(record)),
          transaction.done,
        ]);
        this.#key = key;
        return;
      }
      await transaction.done;
      this.#key = stored;
    }
    throw new Error("the history key changed again and again while writing");
  }

  async remove(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const transaction = this.#database.transaction("records", "readwrite");
    await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
  }

  async saveSettings(settings: HistorySettings): Promise<void> {
    await this.#database.put("settings", { id: ONLY, ...settings });
  }

  async erase(): Promise<void> {
    const transaction = this.#database.transaction(["keys", "records"], "readwrite");
    await Promise.all([
      transaction.objectStore("records").clear(),
      transaction.objectStore("keys").clear(),
      transaction.done,
    ]);
    this.#key = undefined;
  }

  close(): void {
    this.#database.close();
  }
}

/** A newer version of this page wants to upgrade, another tab deletes, or the browser clears site data. */
function closeForOthers(_current: number, _blocked: number | null, event: IDBVersionChangeEvent): void {
  if (event.target instanceof IDBDatabase) event.target.close();
}

/** Deletes the database `name`; rejects where the browser refuses. */
export async function deleteDatabase(name: string): Promise<void> {
  // Where there are no databases there is nothing to delete.
  if (typeof indexedDB !== "undefined") await deleteDB(name);
}
