import { retry } from "../credentials/retry.ts";
import { callGoogle, type GoogleAnswer } from "./call_google.ts";
import type { Federation } from "./federate.ts";

/** Full cloud-platform access, which the bindings of the principal then bound. */
export const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";

/** A call of IAM Service Account Credentials in the name of a service account. */
export interface ActAs {
  readonly serviceAccount: string;
  readonly method: "generateAccessToken" | "generateIdToken";
  readonly body: Record<string, unknown>;
  readonly delegates?: readonly string[];
}

/** Calls IAM Service Account Credentials with a federated token. */
export function actAs(
  federatedToken: string,
  request: ActAs,
  { context, iamCredentialsUrl }: Federation,
): Promise<GoogleAnswer> {
  const { serviceAccount, method, body, delegates = [] } = request;
  const account = encodeURIComponent(serviceAccount);
  const chain = delegates.map((delegate) => `projects/-/serviceAccounts/${delegate}`);
  const call = {
    url: `${iamCredentialsUrl}/v1/projects/-/serviceAccounts/${account}:${method}`,
    purpose: `act as the service account ${serviceAccount}`,
    headers: { authorization: `Bearer ${federatedToken}`, "content-type": "application/json" },
    body: JSON.stringify({ ...body, ...(chain.length && { delegates: chain }) }),
    secret: federatedToken,
  };
  return retry(context, () => callGoogle(call, context));
}
