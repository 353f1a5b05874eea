import type { Context } from "../credentials/context.ts";
import { firstEnv } from "../credentials/context.ts";
import { fastestRegion } from "./fastest_region.ts";
import { nearestRegion } from "./nearest_region.ts";
import type { EndpointKind, Partition } from "./partitions.ts";

/** What the choice of a region depends on. */
export interface RegionQuestion {
  readonly partition: Partition;
  readonly kind: EndpointKind;
  /** The region that the caller named, already checked. */
  readonly region?: string;
  /** Whether STS is asked at a URL of its own, so that the region only says whom to sign for. */
  readonly fixedEndpoint?: boolean;
  /** Asks the SDK client for its region. */
  readonly callerRegion?: () => Promise<string | undefined>;
}

/** Regions in the order to try: the chosen one, then those that are on in every account. */
export async function regionsToTry(question: RegionQuestion, context: Context): Promise<string[]> {
  const first = await chosen(question, context);
  return [...new Set([first, ...question.partition.common.slice(0, 2)])];
}

async function chosen(question: RegionQuestion, context: Context): Promise<string> {
  const { partition, kind, region, callerRegion } = question;
  if (region) return region;
  // A region of another partition cannot be meant for this role.
  const fits = (name: string | undefined) =>
    name && partition.regions.test(name) ? name : undefined;
  const names = ["SIGNET_AWS_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"];
  const named = fits(firstEnv(context.env, names)) ??
    fits(await callerRegion?.().catch(() => undefined));
  if (named || question.fixedEndpoint) return named ?? partition.common[0]!;
  return fits(nearestRegion(context.env)) ?? await fastestRegion(partition, kind, context);
}
