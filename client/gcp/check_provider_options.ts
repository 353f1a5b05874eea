import { checkUrl } from "../credentials/check_url.ts";
import type { GoogleProviderOptions } from "./options.ts";
import { namedProvider } from "./provider_name.ts";

/** Refuses, with a TypeError, what can only be a mistake in the program. */
export function checkProviderOptions(options: GoogleProviderOptions): void {
  namedProvider(options);
  googleUrls(options);
}

/** Where Google's token services are. */
export function googleUrls(
  options: GoogleProviderOptions,
): { stsUrl: string; iamCredentialsUrl: string } {
  const { universeDomain = "googleapis.com", stsUrl, iamCredentialsUrl } = options;
  return {
    stsUrl: checkUrl("stsUrl", stsUrl ?? `https://sts.${universeDomain}/v1/token`),
    iamCredentialsUrl: checkUrl(
      "iamCredentialsUrl",
      iamCredentialsUrl ?? `https://iamcredentials.${universeDomain}`,
    ),
  };
}
