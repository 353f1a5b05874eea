import { firstEnv } from "../credentials/context.ts";

const email = /^[^@/?#\s]{1,128}@[^@/?#\s]{1,255}$/;

/** `account` when it is an email; a TypeError otherwise. */
export function checkServiceAccount(account: string): string {
  if (email.test(account)) return account;
  throw new TypeError(
    "Cannot use serviceAccount: expected an email, such as web@project.iam.gserviceaccount.com",
  );
}

/** The service account that the environment names. */
export function serviceAccountFromEnv(
  env: (name: string) => string | undefined,
): string | undefined {
  const account = firstEnv(env, ["SIGNET_GCP_SERVICE_ACCOUNT", "GCP_SERVICE_ACCOUNT_EMAIL"]);
  return account && checkServiceAccount(account);
}
