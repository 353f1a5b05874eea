import type { Load, LoadRequest, LoadResult } from "./load.ts";

/** Whether wrk is installed. */
export async function hasWrk(): Promise<boolean> {
  const command = new Deno.Command("wrk", { args: ["-v"], stdout: "null", stderr: "null" });
  return await command.output().then(() => true, () => false);
}

/** Runs wrk with one thread. */
export async function loadWithWrk(options: Load): Promise<LoadResult & { failures: number }> {
  const { url, connections, seconds, requests, status = 200 } = options;
  const path = await Deno.makeTempFile({ suffix: ".lua" });
  try {
    await Deno.writeTextFile(path, scriptOf(requests, status));
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

/** wrk takes whole seconds only. */
function wholeTime(seconds: number): string {
  return `${Math.max(1, Math.round(seconds))}s`;
}

function scriptOf(requests: readonly LoadRequest[], status: number): string {
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
local threads = {}
setup = function(thread) table.insert(threads, thread) end
bad = 0
response = ${status === 200 ? "nil" : `function(s) if s ~= ${status} then bad = bad + 1 end end`}
done = function(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.timeout + ${status === 200 ? "e.status" : "0"}
  for _, thread in ipairs(threads) do failed = failed + (thread:get("bad") or 0) end
  print(string.format('{"count":%d,"micros":%d,"p50":%d,"p99":%d,"bad":%d}', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), failed))
end
`;
}

function lua(text: string): string {
  return JSON.stringify(text);
}
