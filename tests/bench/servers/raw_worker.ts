/** Signs RS256 by `node:crypto` for some seconds and posts how many it made in one. */
import { Buffer } from "node:buffer";
import { createPrivateKey, sign } from "node:crypto";

const scope = globalThis as unknown as {
  onmessage: (
    event: { data: { privateKey: Uint8Array; input: Uint8Array; seconds: number } },
  ) => void;
  postMessage(count: number): void;
};

scope.onmessage = ({ data: { privateKey, input, seconds } }) => {
  const der = Buffer.from(privateKey);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  for (let warmUp = 0; warmUp < 50; warmUp++) sign("sha256", input, key);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < seconds * 1000) {
    sign("sha256", input, key);
    count++;
  }
  scope.postMessage(count / (performance.now() - start) * 1000);
};
