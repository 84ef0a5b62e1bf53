import type { HistoryRecord, HistorySettings } from "./records.js";

/** What a store knew when it was opened. */
export interface Loaded {
  readonly records: readonly HistoryRecord[];
  readonly settings: HistorySettings | undefined;
  /** There were records that could not be decrypted; they are deleted. */
  readonly keyLost: boolean;
}

/** Where records lie. Methods reject when the browser refuses to store. */
export interface HistoryStore {
  load(): Promise<Loaded>;
  put(records: readonly HistoryRecord[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  saveSettings(settings: HistorySettings): Promise<void>;
  /** Deletes records and key; settings stay. */
  erase(): Promise<void>;
  close(): void;
}

/** Keeps nothing: the history's own working copy is all there is. */
export const memoryStore: HistoryStore = {
  load: () => Promise.resolve({ records: [], settings: undefined, keyLost: false }),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  saveSettings: () => Promise.resolve(),
  erase: () => Promise.resolve(),
  close: () => undefined,
};
