/** Stable codes that a shop's code may branch on; `docs/errors.md` says what each means. */
export type NearshelfErrorCode =
  | "simd-missing"
  | "wasm-blocked"
  | "wasm-unavailable"
  | "manifest-unreachable"
  | "chunk-unreachable"
  | "pack-invalid"
  | "pack-too-new"
  | "pack-not-ready"
  | "model-invalid"
  | "model-unreachable"
  | "not-onnx"
  | "bad-model"
  | "bad-plan"
  | "unsupported-operator"
  | "unsupported-type"
  | "unbound-dimension"
  | "unknown-binding"
  | "input-needed"
  | "bad-range"
  | "not-open"
  | "external-data"
  | "constant-out-of-range"
  | "model-crashed"
  | "model-run-failed"
  | "model-input-invalid"
  | "gpu-absent"
  | "gpu-unsupported"
  | "gpu-out-of-memory"
  | "gpu-lost"
  | "gpu-refused"
  | "request-invalid"
  | "picture-invalid"
  | "vision-output-invalid"
  | "people-invalid"
  | "person-not-found"
  | "garment-not-found"
  | "garment-unsuitable"
  | "try-on-empty"
  | "size-chart-invalid"
  | "measurements-invalid"
  | "design-invalid"
  | "design-too-new"
  | "history-unavailable"
  | "history-not-erased"
  | "disposed"
  | "internal"
  // A code that a newer wasm states.
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
