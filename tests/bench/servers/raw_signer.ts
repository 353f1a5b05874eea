/**
 * Signs as fast as the platform does, with nothing around it. Arguments: how ({@linkcode RawWay}),
 * signatures in flight, seconds. Says `{perSecond, p50}`, the latter in µs.
 */
import { generateKey } from "../../../keys/generate_key.ts";
import { rawSigner, type RawWay } from "../raw_signer.ts";

const [way, inFlight, seconds] = Deno.args as [RawWay, string, string];
const input = crypto.getRandomValues(new Uint8Array(600));
const alg = way.startsWith("RS256") ? "RS256" : way.startsWith("ES256") ? "ES256" : "EdDSA";
const { privateKey } = await generateKey(alg);

async function onThread(): Promise<{ perSecond: number; p50: number }> {
  const sign = await rawSigner(way, privateKey);
  const times: number[] = [];
  const run = async (ms: number) => {
    const start = performance.now();
    const drive = async () => {
      for (let now = performance.now(); now - start < ms;) {
        await sign(input);
        const after = performance.now();
        times.push(after - now);
        now = after;
      }
    };
    await Promise.all(Array.from({ length: Number(inFlight) }, drive));
    return performance.now() - start;
  };
  await run(200);
  times.length = 0;
  const ms = await run(Number(seconds) * 1000);
  times.sort((a, b) => a - b);
  return {
    perSecond: times.length / ms * 1000,
    p50: times[Math.floor(times.length / 2)]! * 1000,
  };
}

async function inWorkers(): Promise<{ perSecond: number; p50: number }> {
  const counts = await Promise.all(
    Array.from({ length: navigator.hardwareConcurrency }, () =>
      new Promise<number>((resolve) => {
        const worker = new Worker(new URL("./raw_worker.ts", import.meta.url), { type: "module" });
        worker.onmessage = ({ data }) => {
          worker.terminate();
          resolve(data);
        };
        worker.postMessage({ privateKey, input, seconds: Number(seconds) });
      })),
  );
  return { perSecond: counts.reduce((sum, count) => sum + count, 0), p50: 0 };
}

console.log(JSON.stringify(await (way === "RS256 node workers" ? inWorkers() : onThread())));
