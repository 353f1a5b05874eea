import type { Load, LoadRequest, LoadResult } from "./load.ts";

/** Whether wrk is installed. */
export async function hasWrk(): Promise<boolean> {
  const command = new Deno.Command("wrk", { args: ["-v"], stdout: "null", stderr: "null" });
  return await command.output().then(() => true, () => false);
}

/** Runs wrk with one thread. */
export async function loadWithWrk(options: Load): Promise<LoadResult & { failures: number }> {
  const { url, connections, seconds, requests, status = 200 } = options;
  if (status !== 200) await expectStatus(url, { request: requests[0]!, status });
  const path = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    await Deno.writeTextFile(path, scriptOf(requests));
    const { stdout, success, stderr } = await new Deno.Command("wrk", {
      args: ["-t1", `-c${connections}`, `-d${wholeTime(seconds)}`, "-s", path, url],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const { count, micros, p50, p99, bad } = JSON.parse(
      new TextDecoder().decode(stdout).trim().split("\n").at(-1)!,
    );
    return { perSecond: count / micros * 1e6, p50: p50 / 1e3, p99: p99 / 1e3, failures: bad };
  } finally {
    await Deno.remove(path);
  }
}

/** Asks once: wrk itself tells errors only, and a script that looks at each answer halves its rate. */
async function expectStatus(
  url: string,
  { request, status }: { request: LoadRequest; status: number },
): Promise<void> {
  const { path, ...init } = request;
  const answer = await fetch(url + path, init);
  await answer.body?.cancel();
  if (answer.status !== status) throw new Error(`Cannot measure ${url}: it says ${answer.status}`);
}

/** wrk takes whole seconds only. */
function wholeTime(seconds: number): string {
  return `${Math.max(1, Math.round(seconds))}s`;
}

function scriptOf(requests: readonly LoadRequest[]): string {
  const made = requests.map(({ method = "GET", path, headers = {}, body }) => {
    const fields = Object.entries(headers).map(([name, value]) => `[${lua(name)}]=${lua(value)}`);
    const text = body === undefined ? "nil" : lua(body);
    return `  wrk.format(${lua(method)}, ${lua(path)}, {${fields.join(",")}}, ${text}),`;
  });
  return `local all, at = {}, 0
init = function() all = {
${made.join("\n")}
} end
request = function() at = at % #all + 1; return all[at] end
done = function(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.timeout + e.status
  print(string.format('{"count":%d,"micros":%d,"p50":%d,"p99":%d,"bad":%d}', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
`;
}

function lua(text: string): string {
  return JSON.stringify(text);
}
