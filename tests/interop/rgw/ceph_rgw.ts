const decoder = new TextDecoder();

/** A running Ceph RGW: S3, IAM and STS at one URL. */
export interface CephRgw extends AsyncDisposable {
  readonly url: string;
  /** Its administrator, who may make providers and roles. */
  readonly admin: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Starts one by the script next to this file; it takes about fifteen seconds. */
export async function startCephRgw(): Promise<CephRgw> {
  const folder = await Deno.makeTempDir({ prefix: "rgw" });
  const port = freePorts();
  const stop = () => stopAll(folder);
  try {
    const script = new URL("./start", import.meta.url).pathname;
    const { success, stdout, stderr } = await new Deno.Command("bash", {
      args: [script, folder, String(port)],
    }).output();
    if (!success) throw new Error(`Cannot start Ceph RGW: ${decoder.decode(stderr)}`);
    const [accessKeyId = "", secretAccessKey = ""] = decoder.decode(stdout).trim().split(" ");
    const admin = { accessKeyId, secretAccessKey };
    return { url: `http://127.0.0.1:${port}`, admin, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that is free together with the next one. */
function freePorts(): number {
  for (let tries = 0; tries < 100; tries++) {
    using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = first.addr as Deno.NetAddr;
    try {
      Deno.listen({ hostname: "127.0.0.1", port: port + 1 }).close();
      return port;
    } catch {
      // Somebody has the next one.
    }
  }
  throw new Error("Cannot start Ceph RGW: no two ports in a row are free");
}

async function stopAll(folder: string): Promise<void> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir(`${folder}/run`)) {
    if (name.endsWith(".pid")) pids.push(Number(await Deno.readTextFile(`${folder}/run/${name}`)));
  }
  // All of it is in memory: there is nothing to save.
  for (const pid of pids.filter((pid) => pid > 1)) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  await Deno.remove(folder, { recursive: true });
}
