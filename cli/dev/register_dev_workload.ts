import { type AdminClient, adminPath } from "../admin_client.ts";
import type { CredentialView } from "../admin_types.ts";
import { CliError } from "../errors.ts";
import type { DevSecrets } from "./dev_secrets.ts";

const WORKLOAD = "dev";
const ONE_YEAR = 31_536_000;

/** Makes sure that workload `dev` exists with a request token that works; keeps the one of an earlier run. */
export async function registerDevWorkload(
  admin: AdminClient,
  secrets: DevSecrets,
): Promise<DevSecrets & { readonly requestToken: string }> {
  await addWorkload(admin);
  const { requestToken, credentialId } = secrets;
  const path = adminPath("workloads", WORKLOAD, "credentials");
  const { body } = await admin.send<{ credentials: readonly CredentialView[] }>({ path });
  const works = body.credentials.some((c) => c.id === credentialId);
  if (requestToken !== undefined && works) return { ...secrets, requestToken };
  const { body: made } = await admin.send<CredentialView>({
    method: "POST",
    path,
    body: { type: "request_token", expiresIn: ONE_YEAR },
  });
  return { ...secrets, requestToken: made.secret ?? "", credentialId: made.id };
}

async function addWorkload(admin: AdminClient): Promise<void> {
  const path = adminPath("workloads");
  const workload = { id: WORKLOAD, org: "local", app: "dev", context: "development" };
  try {
    await admin.send({ path: adminPath("workloads", WORKLOAD) });
  } catch (error) {
    if (!(error instanceof CliError && error.code === "notFound")) throw error;
    await admin.send({ method: "POST", path, body: { ...workload, audiences: ["*"] } });
  }
}
