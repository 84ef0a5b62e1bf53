import { Camera } from "./camera.js";
import { type DecodedPicture, decodePicture, LONGEST } from "./decode.js";
import type { FittingRoom } from "./fitting-room.js";
import type { Place } from "./session.js";
import type { Mannequins } from "./types.js";
import type { WearerView, Who } from "./view.js";
import { noteWords } from "./words.js";

/** Who is dressed: a drawn figure, or who is on a photo or before the camera. */
export class Wearer implements WearerView {
  readonly #place: Place;
  #isOpeningCamera = false;
  /** Grows with each photo: only the last one is worn. */
  #photos = 0;
  /** What is offered to choose from. */
  who: Who = "mannequin";
  figure = { build: "", tone: "" };
  hasPhoto = false;
  camera: Camera | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Dresses the figure that was chosen last, at first one in the middle. */
  enter({ builds, tones }: Mannequins): void {
    const { build, tone } = this.figure;
    this.#dressFigure({ build: build || (builds[0] ?? ""), tone: tone || (tones[Math.floor(tones.length / 2)]?.name ?? "") });
  }

  /** The camera goes off, and the photo is forgotten. */
  leave(): void {
    this.camera?.stop();
    this.hasPhoto = false;
    this.who = "mannequin";
  }

  choose(who: Who): void {
    const { around, work } = this.#place;
    this.who = who;
    // It was about whom was chosen before.
    work.message = "";
    if (who !== "camera") this.camera?.stop();
    // A photo that is being looked at is taken back, too.
    if (who === "mannequin" && (this.hasPhoto || work.looking > 0)) this.#dressFigure({});
    around.changed();
  }

  build(build: string): void {
    this.#dressFigure({ build });
  }

  tone(tone: string): void {
    this.#dressFigure({ tone });
  }

  photo(file: File | undefined): void {
    const { room, studio, work } = this.#place;
    if (file && room && studio) void work.look(() => this.#dressPhoto(room, () => decodePicture(studio.host, file, LONGEST.photo)));
  }

  startCamera(): void {
    // One at a time: of two, nobody would end the first.
    if (this.#isOpeningCamera || this.camera) return;
    this.#isOpeningCamera = true;
    const { around, work } = this.#place;
    const { turn } = work;
    void work.run(async () => {
      const opening = Camera.open(() => this.#cameraEnded());
      const camera = await opening.finally(() => (this.#isOpeningCamera = false));
      // Meanwhile the shopper may have gone.
      if (turn !== work.turn || this.who !== "camera" || document.visibilityState === "hidden") camera.stop();
      else this.camera = camera;
      if (this.camera) around.tell("nearshelf-camera", { on: true });
    });
  }

  take(): void {
    const { around: { video }, room, work } = this.#place;
    const { camera } = this;
    if (!room || !camera || !video || video.videoWidth === 0) return;
    void work.look(() => this.#dressPhoto(room, () => ({ ...camera.take(video), notes: [] })));
  }

  cancelCamera(): void {
    this.camera?.stop();
  }

  #dressFigure(change: Partial<Wearer["figure"]>): void {
    this.figure = { ...this.figure, ...change };
    this.hasPhoto = false;
    this.#place.room?.edit([{ do: "mannequin", ...this.figure }]);
    this.#place.told();
  }

  /** Nothing happens where the shopper has left the room meanwhile, or chosen a figure or another photo. */
  async #dressPhoto(room: FittingRoom, read: () => DecodedPicture | Promise<DecodedPicture>): Promise<void> {
    const photo = (this.#photos += 1);
    // Each choice of a figure makes another one.
    const { figure } = this;
    const isOff = () => room !== this.#place.room || figure !== this.figure;
    let pixels: DecodedPicture;
    try {
      pixels = await read();
      if (isOff() || photo !== this.#photos) return;
      await room.photo(pixels);
    } catch (cause) {
      if (isOff() || photo !== this.#photos) return;
      throw cause;
    }
    // A later photo may yet fail: until then this one is worn.
    if (isOff()) return;
    this.hasPhoto = true;
    // It may have been dropped on the figure.
    if (this.who === "mannequin") this.who = "photo";
    this.#place.work.message = noteWords(pixels.notes, this.#place.around.words);
    this.#place.told();
  }

  #cameraEnded(): void {
    const { around } = this.#place;
    this.camera = undefined;
    around.tell("nearshelf-camera", { on: false });
    around.changed();
  }
}
