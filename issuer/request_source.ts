/** What the server knows of a request besides it, in the form that `Deno.serve` passes on. */
export interface RequestInfo {
  /** The other end of the connection. Headers that claim another are never believed. */
  readonly remoteAddr?: { readonly transport?: string; readonly hostname?: string };
}

/** Where requests come from whose server does not say. */
const unknownSource = "unknown";

/** Who shares a limit: an IPv4 address, or the /64 that one IPv6 host can choose its address from. */
export function sourceOf(info: RequestInfo | undefined): string {
  const address = info?.remoteAddr?.hostname;
  if (typeof address !== "string" || address === "") return unknownSource;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  return address.includes(":") ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const [head = "", tail] = address.split("%", 1)[0]!.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(8 - left.length - right.length, 0);
  const groups = [...left, ...new Array<string>(zeros).fill("0"), ...right];
  return groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":") + "::/64";
}
