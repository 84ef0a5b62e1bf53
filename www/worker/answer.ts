import { NearshelfError } from "../client/error.js";
import type { Answer } from "./protocol.js";

/** What `compute` gives, or why it failed, as data. */
export async function answer<T>(compute: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    const value = await compute();
    return { value };
  } catch (cause) {
    const { code, message } = NearshelfError.from(cause);
    return { error: { code, message } };
  }
}

/** The value, or a throw of the error. */
export function unwrap<T>(answer: Answer<T>): T {
  if ("value" in answer) return answer.value;
  throw new NearshelfError(answer.error.code, answer.error.message);
}
