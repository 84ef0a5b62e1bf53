import { expose } from "comlink";
import { Host } from "./host.js";

/** The worker: one host for the page that started it. The first message says that it runs. */
expose(new Host());
postMessage("running");
