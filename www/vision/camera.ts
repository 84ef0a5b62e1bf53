import { LONGEST, type Pixels, pixelsOf } from "./decode.js";

/** Why there is no camera picture. */
export type CameraFault = "no-camera" | "camera-denied" | "camera-busy" | "camera-insecure";

/** The camera could not be used. */
export class CameraError extends Error {
  override readonly name = "CameraError";
  readonly fault: CameraFault;

  constructor(fault: CameraFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

/**
 * The camera while it is on. It goes off when it is asked to, when the page goes out of sight, and when the browser or the
 * shopper takes it away; `onEnd` is told once, whatever the reason.
 */
export class Camera {
  readonly stream: MediaStream;
  readonly #onEnd: () => void;
  readonly #leaving = new AbortController();

  private constructor(stream: MediaStream, onEnd: () => void) {
    this.stream = stream;
    this.#onEnd = onEnd;
    const { signal } = this.#leaving;
    const hidden = () => document.visibilityState === "hidden" && this.stop();
    document.addEventListener("visibilitychange", hidden, { signal });
    window.addEventListener("pagehide", () => this.stop(), { signal });
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.stop(), { signal });
  }

  /** Asks for the camera: the browser asks the shopper. Rejects with a {@link CameraError}. */
  static async open(onEnd: () => void): Promise<Camera> {
    // Browsers hide it from pages that are not secure, and from frames that may not use it.
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (!devices) throw new CameraError("camera-insecure");
    try {
      const video = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 1280 } };
      return new Camera(await devices.getUserMedia({ video, audio: false }), onEnd);
    } catch (cause) {
      const name = cause instanceof DOMException ? cause.name : "";
      if (name === "NotAllowedError" || name === "SecurityError") throw new CameraError("camera-denied", cause);
      if (name === "NotReadableError" || name === "AbortError") throw new CameraError("camera-busy", cause);
      throw new CameraError("no-camera", cause);
    }
  }

  /** The picture that `video` shows of it now, and the camera is off. */
  take(video: HTMLVideoElement): Pixels {
    const pixels = pixelsOf(video, video.videoWidth, video.videoHeight, LONGEST.photo);
    this.stop();
    return pixels;
  }

  /** Turns it off. */
  stop(): void {
    if (this.#leaving.signal.aborted) return;
    this.#leaving.abort();
    for (const track of this.stream.getTracks()) track.stop();
    this.#onEnd();
  }
}
