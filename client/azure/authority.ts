import { checkUrl } from "../credentials/check_url.ts";
import { firstEnv } from "../credentials/context.ts";
import { audienceFor, authorityOf } from "./clouds.ts";
import type { AzureAssertionOptions } from "./options.ts";

const longestAudience = 600;

/** Where to ask, and for which audience the identity token is. */
export interface Authority {
  readonly host: string;
  readonly audience: string;
}

/** Checks what the options say of the authority; what they leave open the environment says when first asked. */
export function authorityReader(
  options: AzureAssertionOptions,
  env: (name: string) => string | undefined,
): () => Authority {
  const { cloud, authorityHost, audience } = options;
  if (audience !== undefined && (audience.length === 0 || audience.length > longestAudience)) {
    throw new TypeError("Cannot use audience: must be 1 to 600 characters");
  }
  const named = authorityHost === undefined
    ? cloud && authorityOf(cloud)
    : checkUrl("authorityHost", authorityHost);
  return () => {
    const set = named ? undefined : firstEnv(env, ["AZURE_AUTHORITY_HOST"]);
    const host = named ?? (set ? checkUrl("AZURE_AUTHORITY_HOST", set) : authorityOf("public"));
    const recommended = audienceFor(cloud ? authorityOf(cloud) : host);
    return { host, audience: audience ?? recommended };
  };
}
