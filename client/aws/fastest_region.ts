import type { Context } from "../credentials/context.ts";
import { may } from "../environment.ts";
import { type EndpointKind, type Partition, stsUrl } from "./partitions.ts";

const longestMs = 1_000;

/** The region, of those on in every account and permitted, whose STS answers first; the first when none does. */
export async function fastestRegion(
  partition: Partition,
  kind: EndpointKind,
  context: Context,
): Promise<string> {
  const known = partition.common.filter((region) => hasEndpoint(partition, region, kind));
  const host = (region: string) => `${new URL(stsUrl(partition, region, kind)).host}:443`;
  const regions = known.filter((region) => may({ name: "net", host: host(region) }));
  if (regions.length < 2) return regions[0] ?? known[0]!;
  const race = new AbortController();
  const deadline = setTimeout(() => race.abort(), Math.min(longestMs, context.timeoutMs));
  const probe = async (region: string): Promise<string> => {
    // STS answers a GET with a redirect to its product page; that it answers is all that counts.
    const init: RequestInit = { method: "GET", redirect: "manual", signal: race.signal };
    const response = await context.fetch(`${stsUrl(partition, region, kind)}/`, init);
    await response.body?.cancel();
    return region;
  };
  try {
    return await Promise.any(regions.map(probe));
  } catch {
    return regions[0]!;
  } finally {
    clearTimeout(deadline);
    race.abort();
  }
}

function hasEndpoint(partition: Partition, region: string, kind: EndpointKind): boolean {
  return !kind.useFips || partition.id !== "aws" || /^(?:us|ca)-/.test(region);
}
