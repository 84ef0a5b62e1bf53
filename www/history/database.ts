import { type DBSchema, type IDBPDatabase, openDB } from "idb";
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

/**
 * History in IndexedDB: records are AES-GCM ciphertexts, their key lies beside them and can't be exported.
 *
 * Several tabs may write at once. A write checks inside its transaction that the key is still the one it was
 * sealed with (another tab may have erased), and seals again when it is not.
 */
export class DatabaseStore implements HistoryStore {
  readonly #database: Database;
  #key: HistoryKey;

  private constructor(database: Database, key: HistoryKey) {
    this.#database = database;
    this.#key = key;
  }

  /**
   * Opens or creates the database `name`.
   *
   * Rejects where the browser has no IndexedDB for this page, or refuses to open it.
   */
  static async open(name: string): Promise<DatabaseStore> {
    const database = await openDB<Schema>(name, 1, {
      upgrade(created) {
        created.createObjectStore("keys", { keyPath: "id" });
        created.createObjectStore("records", { keyPath: "id" });
        created.createObjectStore("settings", { keyPath: "id" });
      },
      // A newer version of this page wants to upgrade, or the browser deletes site data.
      blocking: (_current, _blocked, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    return new DatabaseStore(database, await currentKey(database));
  }

  async load(): Promise<Loaded> {
    this.#key = await currentKey(this.#database);
    const sealed = await this.#database.getAll("records");
    const opened = await Promise.all(
      sealed.map(async (record) => parseRecord(record.id, await open(this.#key, record))),
    );
    const lost = sealed.filter((_, position) => opened[position] === undefined).map(({ id }) => id);
    await this.remove(lost);
    const settings = await this.#database.get("settings", ONLY);
    return {
      records: opened.filter((record) => record !== undefined),
      settings: settings && parseSettings(settings),
      keyLost: lost.length > 0,
    };
  }

  async put(records: readonly HistoryRecord[]): Promise<void> {
    if (records.length === 0) return;
    // Two attempts: only an erase in another tab between sealing and writing asks for the second.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const sealed = await Promise.all(records.map((record) => seal(this.#key, record.id, record)));
      const transaction = this.#database.transaction(["keys", "records"], "readwrite");
      const stored = await transaction.objectStore("keys").get(ONLY);
      if (stored?.keyId === this.#key.keyId) {
        const store = transaction.objectStore("records");
        await Promise.all([...sealed.map((record) => store.put(record)), transaction.done]);
        return;
      }
      await transaction.done;
      this.#key = await currentKey(this.#database);
    }
    throw new Error("the history key changed twice while writing");
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
    this.#key = await newKey();
  }

  close(): void {
    this.#database.close();
  }
}

/** The key in the database; where there is none, a new one that is stored first. */
async function currentKey(database: Database): Promise<HistoryKey> {
  const stored = await database.get("keys", ONLY);
  if (stored) return stored;
  const fresh = await newKey();
  const transaction = database.transaction("keys", "readwrite");
  // Another tab may have been quicker: its key counts.
  const winner = await transaction.store.get(ONLY);
  if (!winner) await transaction.store.put({ id: ONLY, ...fresh });
  await transaction.done;
  return winner ?? fresh;
}
