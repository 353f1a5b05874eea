/** One of Microsoft's separate clouds. */
export type AzureCloud = "public" | "china" | "usgov" | "france" | "germany" | "singapore-gov";

interface Authority {
  readonly cloud: AzureCloud;
  readonly host: string;
  readonly audience: string;
}

const prefix = "api://AzureADTokenExchange";

// Source: Microsoft's azure-sdk-for-js, GitHubActionsCredential (sovereign hosts and audiences).
const authorities: readonly Authority[] = [
  { cloud: "public", host: "login.microsoftonline.com", audience: prefix },
  { cloud: "china", host: "login.chinacloudapi.cn", audience: `${prefix}China` },
  { cloud: "usgov", host: "login.microsoftonline.us", audience: `${prefix}USGov` },
  { cloud: "france", host: "login.sovcloud-identity.fr", audience: `${prefix}France` },
  { cloud: "germany", host: "login.sovcloud-identity.de", audience: `${prefix}Germany` },
  { cloud: "singapore-gov", host: "login.sovcloud-identity.sg", audience: `${prefix}GovSG` },
];

/** The URL of a cloud's authority; a TypeError for a cloud that is none. */
export function authorityOf(cloud: AzureCloud): string {
  const found = authorities.find((authority) => authority.cloud === cloud);
  if (found) return `https://${found.host}`;
  throw new TypeError(
    `Cannot use cloud: expected one of ${
      authorities.map((authority) => authority.cloud).join(", ")
    }`,
  );
}

/** The audience that Entra recommends for identity tokens in the cloud of this authority. */
export function audienceFor(authorityHost: string): string {
  const { host } = new URL(authorityHost);
  return authorities.find((authority) => authority.host === host)?.audience ?? prefix;
}
