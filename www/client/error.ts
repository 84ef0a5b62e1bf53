/** Stable codes that a shop's code may branch on. Codes of the wasm pass through unchanged. */
export type NearshelfErrorCode =
  | "simd-missing"
  | "wasm-blocked"
  | "wasm-unavailable"
  | "manifest-unreachable"
  | "chunk-unreachable"
  | "pack-invalid"
  | "pack-too-new"
  | "model-unreachable"
  | "model-invalid"
  | "model-crashed"
  | "model-run-failed"
  | "request-invalid"
  | "history-unavailable"
  | "history-not-erased"
  | "disposed"
  | "internal"
  // Any code that the wasm states itself.
  | (string & Record<never, never>);

/** The one error class: `code` for programs, `message` for people (what, where, how to mend). */
export class NearshelfError extends Error {
  override readonly name = "NearshelfError";
  readonly code: NearshelfErrorCode;

  constructor(code: NearshelfErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Wraps whatever was thrown, keeping the code of an error that carries one. */
  static from(thrown: unknown, fallback: NearshelfErrorCode = "internal"): NearshelfError {
    if (thrown instanceof NearshelfError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new NearshelfError(codeOf(thrown) ?? fallback, message, { cause: thrown });
  }
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
