import { expose } from "comlink";
import { Host } from "./host.js";
import type { HostName } from "./protocol.js";
import { tellRequests } from "./requests.js";

/** The worker: its name says what it hosts. "running" says that it runs. */
const hosted = self.name as HostName;
tellRequests(hosted);
if (hosted === "models") {
  const { Models } = await import("./models.js");
  expose(new Models());
} else if (hosted === "chat") {
  const { Chat } = await import("./chat.js");
  expose(new Chat());
} else if (hosted === "vision") {
  const { Vision } = await import("./vision.js");
  expose(new Vision());
} else {
  expose(new Host());
}
postMessage("running");
