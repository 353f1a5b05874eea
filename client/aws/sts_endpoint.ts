import type { Context } from "../credentials/context.ts";
import { firstEnv } from "../credentials/context.ts";
import type { AwsCredentialsOptions } from "./options.ts";

/** The URL of STS that is named, unless it goes by region. */
export function stsEndpoint(
  { endpoint }: AwsCredentialsOptions,
  { env }: Context,
): string | undefined {
  return endpoint ?? firstEnv(env, ["AWS_ENDPOINT_URL_STS"]);
}
