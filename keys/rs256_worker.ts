import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import type { FromWorker, ToWorker } from "./rs256_messages.ts";

const scope = globalThis as unknown as {
  onmessage: (event: { data: ToWorker }) => void;
  postMessage(message: FromWorker): void;
};
const keys = new Map<string, KeyObject>();

scope.onmessage = ({ data }) => {
  if (data.type === "key") {
    const key = Buffer.from(data.pkcs8);
    keys.set(data.kid, createPrivateKey({ key, format: "der", type: "pkcs8" }));
  } else if (data.type === "forget") {
    keys.delete(data.kid);
  } else {
    scope.postMessage(
      data.requests.map(({ kid, input }) => sign("sha256", input, keys.get(kid)!)),
    );
  }
};
scope.postMessage("ready");
