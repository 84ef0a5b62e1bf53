import type { EventType, Ground, Kind, MemoryReason, ReasonCode } from "../client/types.js";

/** Everything the elements say, in one language. Values are plain text. */
export interface Messages {
  /** Of an element that has no words of its own yet. */
  readonly failed: string;
  readonly heading: Readonly<Record<Kind, string>>;
  /** `title` is empty where the reason names no item. */
  readonly reason: Readonly<Record<ReasonCode, (title: string) => string>>;
  /** The deeds that an item is there for, strongest first, in one sentence. */
  readonly because: (deeds: readonly { readonly was: Ground["was"]; readonly title: string }[]) => string;
  readonly card: {
    readonly notInterested: (title: string) => string;
    readonly notInterestedShort: string;
    readonly hidden: string;
    /** Instead, where nothing may be recorded. */
    readonly hiddenForNow: string;
    readonly undo: string;
    readonly undoOf: (title: string) => string;
    readonly soldOut: string;
    readonly boughtBefore: string;
    /** Spoken after two prices: the first is the reduced one. */
    readonly sale: string;
  };
  readonly list: {
    readonly loading: string;
    readonly empty: Readonly<Record<Kind, string>>;
    readonly failed: string;
    readonly unsupported: string;
    readonly retry: string;
  };
  readonly privacy: PrivacyMessages;
}

/** The words of `<nearshelf-privacy>`. */
export interface PrivacyMessages {
  readonly heading: string;
  readonly promise: string;
  /** In its place where embeddings come in shards. */
  readonly promiseOfShards: string;
  readonly explain: string;
  readonly where: {
    readonly encrypted: string;
    readonly memory: string;
    /** Instead, where events from before are still stored. */
    readonly memoryAndStored: (count: number) => string;
    readonly none: string;
  };
  readonly why: Readonly<Record<MemoryReason, string>>;
  readonly keyLost: string;
  readonly gpcOverridden: string;
  readonly pause: string;
  readonly paused: string;
  readonly retention: string;
  readonly days: (count: number) => string;
  readonly export: string;
  readonly erase: string;
  readonly eraseAsk: string;
  readonly eraseYes: string;
  readonly eraseNo: string;
  readonly erased: string;
  readonly eraseFailed: string;
  readonly failed: string;
  readonly eventsHeading: (count: number) => string;
  readonly noEvents: string;
  readonly more: (count: number) => string;
  readonly event: Readonly<Record<EventType, (title: string) => string>>;
  readonly hiddenHeading: (count: number) => string;
  readonly showAgain: string;
  readonly showAgainOf: (title: string) => string;
}
