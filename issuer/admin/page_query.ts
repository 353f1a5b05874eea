import { Problem } from "../errors.ts";

/** Reads `limit` (1 to 200, default 50) and `cursor` of a list. */
export function readPage(query: ReadonlyMap<string, string>): { limit: number; cursor?: string } {
  const limit = query.get("limit") ?? "50";
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > 200) {
    throw new Problem("invalid", "Cannot list: limit must be a whole number from 1 to 200");
  }
  const cursor = query.get("cursor");
  if (cursor !== undefined && !/^[a-z0-9-]{1,63}$/.test(cursor)) {
    throw new Problem("invalid", "Cannot list: send the cursor as the last page gave it");
  }
  return { limit: Number(limit), cursor };
}
