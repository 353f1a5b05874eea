/** Resident memory of a process in MiB; NaN where there is no `/proc` to read it from. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? NaN : Number(kib) / 1024;
}
